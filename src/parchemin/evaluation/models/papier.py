"""Les grilles papier : leur ressaisie, ce que chacun y a lu, les feuilles numérisées."""

from __future__ import annotations

from django.db import models

from parchemin.convocations.enums import Qualite
from parchemin.evaluation.enums import GenrePiece
from parchemin.evaluation.models.longueurs import EMPREINTE, SEL
from parchemin.socle.bases import Identifie, Passage, insertion_seule


class Ressaisie(Identifie):
    """Une grille papier que l'équipe du gestionnaire ressaisit, pour un évaluateur d'une épreuve. Une seule ouverte à la fois.

    `norme` est l'empreinte qu'imprimait chaque page (son code QR) ; `pages` leur nombre, toutes présentes. `etat` redit le
    dernier passage (`moteur.etats.RESSAISIE`).
    """

    epreuve = models.ForeignKey(
        "convocations.Epreuve", verbose_name="épreuve", on_delete=models.PROTECT, related_name="ressaisies"
    )
    evaluateur = models.ForeignKey(
        "comptes.Personne", verbose_name="évaluateur", on_delete=models.PROTECT, related_name="ressaisies"
    )
    qualite = models.CharField("qualité", max_length=20, choices=Qualite)
    norme = models.CharField("empreinte de la norme", max_length=EMPREINTE)
    pages = models.PositiveSmallIntegerField("pages")
    etat = models.CharField("état", max_length=20, editable=False)
    depuis = models.DateTimeField("dans cet état depuis", editable=False)
    ouverte_le = models.DateTimeField("ouverte le")

    class Meta:
        verbose_name = "ressaisie"
        ordering = ("ouverte_le", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("epreuve", "evaluateur"),
                condition=~models.Q(etat__in=("versee", "abandonnee")),
                name="ressaisie_une_ouverte",
            )
        ]

    def __str__(self) -> str:
        return f"{self.qualite} {self.etat} {self.pk}"


class PassageRessaisie(Passage):
    """Un changement d'état d'une ressaisie : une ligne de plus, jamais une ligne changée."""

    ressaisie = models.ForeignKey(
        Ressaisie, verbose_name="ressaisie", on_delete=models.PROTECT, related_name="passages"
    )

    class Meta:
        verbose_name = "passage d'une ressaisie"
        verbose_name_plural = "passages des ressaisies"
        ordering = ("ressaisie", "rang")
        constraints = [models.UniqueConstraint("ressaisie", "rang", name="passage_ressaisie_un_rang")]
        triggers = insertion_seule()


class SaisiePapier(Identifie):
    """Ce qu'une personne a lu sur la feuille. Rang 1, rang 2 : deux personnes ; rang 3 : ce qui fut retenu où elles diffèrent.

    `contenu` : chaque cible et sa valeur, dans les mots des faits ; `null` au rang 3 : la feuille n'en dit rien.
    """

    ressaisie = models.ForeignKey(Ressaisie, verbose_name="ressaisie", on_delete=models.PROTECT, related_name="saisies")
    rang = models.PositiveSmallIntegerField("rang")
    auteur = models.UUIDField("auteur")
    contenu = models.JSONField("contenu")
    le = models.DateTimeField("le")
    sel = models.CharField("sel", max_length=SEL)

    class Meta:
        verbose_name = "saisie d'une grille papier"
        verbose_name_plural = "saisies de grilles papier"
        ordering = ("ressaisie", "rang")
        constraints = [
            models.UniqueConstraint("ressaisie", "rang", name="saisie_papier_un_rang"),
            models.UniqueConstraint(
                fields=("ressaisie", "auteur"), condition=models.Q(rang__lt=3), name="saisie_papier_deux_personnes"
            ),
            models.CheckConstraint(name="saisie_papier_rang", condition=models.Q(rang__range=(1, 3))),
        ]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.rang} {self.pk}"


class PiecePapier(Identifie):
    """Une feuille numérisée : gardée sous un nom tiré ici, reconnue à son contenu, nettoyée. Jamais un document du candidat."""

    ressaisie = models.ForeignKey(Ressaisie, verbose_name="ressaisie", on_delete=models.PROTECT, related_name="pieces")
    fichier = models.CharField("fichier", max_length=200)
    genre = models.CharField("genre", max_length=40, choices=GenrePiece)
    octets = models.PositiveIntegerField("octets")
    empreinte = models.CharField("empreinte SHA-256 du fichier", max_length=EMPREINTE)
    auteur = models.UUIDField("déposée par")
    le = models.DateTimeField("déposée le")
    sel = models.CharField("sel", max_length=SEL)

    class Meta:
        verbose_name = "feuille numérisée"
        verbose_name_plural = "feuilles numérisées"
        ordering = ("le", "id")
        constraints = [models.UniqueConstraint("ressaisie", "empreinte", name="piece_papier_une_fois")]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.genre} {self.pk}"
