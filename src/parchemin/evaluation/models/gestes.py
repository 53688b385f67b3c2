"""Les gestes : reçus, abandonnés par leur auteur, mis à part pour le gestionnaire. Toutes à insertion seule."""

from __future__ import annotations

from django.db import models

from parchemin.evaluation.enums import Sort
from parchemin.evaluation.models.longueurs import EMPREINTE, SEL
from parchemin.socle.bases import insertion_seule


class Fait(models.Model):
    """Un geste d'un évaluateur sur sa grille, tel que l'appareil l'a fait (`docs/echange-des-faits.md`).

    `id` est tiré par l'appareil ; `rang` compte les gestes de cet appareil ; `remplace` est le fait corrigé ;
    `vus` donne, pour chaque autre appareil, le plus haut rang que celui-ci avait vu ; `mural` est l'heure affichée
    par l'appareil (elle ne décide de rien) ; `monotone_ms` sa montre, en millisecondes, pour les durées. `ressaisie` : ce
    fait vient d'une grille papier, ressaisie par l'équipe du gestionnaire ; le papier compte alors comme un appareil.
    """

    id = models.UUIDField("identifiant", primary_key=True, editable=False)
    epreuve = models.ForeignKey(
        "convocations.Epreuve", verbose_name="épreuve", on_delete=models.PROTECT, related_name="faits"
    )
    evaluateur = models.ForeignKey(
        "comptes.Personne", verbose_name="évaluateur", on_delete=models.PROTECT, related_name="faits"
    )
    appareil = models.UUIDField("appareil")
    rang = models.PositiveIntegerField("rang")
    cible = models.CharField("cible", max_length=80)
    valeur = models.JSONField("valeur", null=True)
    remplace = models.UUIDField("remplace", null=True)
    vus = models.JSONField("vus")
    mural = models.DateTimeField("heure de l'appareil")
    monotone_ms = models.BigIntegerField("montre de l'appareil (ms)")
    norme = models.CharField("empreinte de la norme", max_length=EMPREINTE)
    recu_le = models.DateTimeField("reçu le")
    sel = models.CharField("sel", max_length=SEL)
    ressaisie = models.ForeignKey(
        "Ressaisie", verbose_name="papier", on_delete=models.PROTECT, null=True, related_name="faits"
    )

    class Meta:
        verbose_name = "fait"
        constraints = [
            models.UniqueConstraint("epreuve", "evaluateur", "appareil", "rang", name="fait_un_par_rang"),
        ]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.cible} {self.pk}"


class GesteAbandonne(models.Model):
    """Un fait que le serveur a refusé, et auquel son auteur a renoncé : l'appareil ne l'oublie qu'une fois ceci inscrit.

    `id` est celui que l'appareil avait donné au fait ; `contenu` le fait entier ; `code` et `raison` le refus d'alors.
    """

    id = models.UUIDField("identifiant du fait", primary_key=True, editable=False)
    epreuve = models.ForeignKey(
        "convocations.Epreuve", verbose_name="épreuve", on_delete=models.PROTECT, related_name="abandons"
    )
    evaluateur = models.ForeignKey(
        "comptes.Personne", verbose_name="évaluateur", on_delete=models.PROTECT, related_name="abandons"
    )
    contenu = models.JSONField("le fait abandonné")
    code = models.CharField("code du refus", max_length=40)
    raison = models.TextField("raison du refus")
    le = models.DateTimeField("le")
    sel = models.CharField("sel", max_length=SEL)

    class Meta:
        verbose_name = "geste abandonné"
        verbose_name_plural = "gestes abandonnés"
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.code} {self.pk}"


class GesteMisAPart(models.Model):
    """Un fait reçu de qui n'était plus affecté à l'épreuve, ou n'y était plus admissible : il attend le gestionnaire.

    `id` est celui que l'appareil a donné ; `contenu` le fait entier, tel qu'envoyé ; `motif` le code de ce qui l'écarte.
    """

    id = models.UUIDField("identifiant du fait", primary_key=True, editable=False)
    epreuve = models.ForeignKey(
        "convocations.Epreuve", verbose_name="épreuve", on_delete=models.PROTECT, related_name="gestes_a_part"
    )
    evaluateur = models.ForeignKey(
        "comptes.Personne", verbose_name="évaluateur", on_delete=models.PROTECT, related_name="gestes_a_part"
    )
    contenu = models.JSONField("le fait")
    motif = models.CharField("motif", max_length=60)
    recu_le = models.DateTimeField("reçu le")
    sel = models.CharField("sel", max_length=SEL)

    class Meta:
        verbose_name = "geste mis à part"
        verbose_name_plural = "gestes mis à part"
        indexes = [models.Index("epreuve", "evaluateur", name="geste_a_part_par_lecture")]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.motif} {self.pk}"


class SortDeGeste(models.Model):
    """Ce que le gestionnaire a décidé d'un geste mis à part : une ligne par geste, une fois."""

    geste = models.OneToOneField(
        GesteMisAPart, verbose_name="geste", on_delete=models.PROTECT, related_name="sort", primary_key=True
    )
    sort = models.CharField("sort", max_length=10, choices=Sort)
    motif = models.TextField("motif")
    auteur = models.UUIDField("auteur")
    le = models.DateTimeField("le")

    class Meta:
        verbose_name = "sort d'un geste"
        verbose_name_plural = "sorts des gestes"
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.sort} {self.geste_id}"
