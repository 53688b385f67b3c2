"""Les épreuves, leurs états, qui les évalue."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from parchemin.convocations.enums import SANS_SUITE, Qualite
from parchemin.socle.bases import Identifie, Passage, insertion_seule


class Epreuve(Identifie):
    """La situation d'un bloc où deux évaluateurs observent un candidat. Une seule à la fois par bloc d'un dossier.

    `norme` est l'empreinte SHA-256 de la norme contre laquelle la grille se juge : elle ne change jamais.
    `etat` et `depuis` redisent le dernier passage (`PassageEpreuve`), pour trier et filtrer ; `services` les tient
    ensemble, dans la même transaction. Les états sont ceux de `moteur.etats.EPREUVE`. `remplace` : l'épreuve du même
    bloc, non évaluée, que celle-ci recommence. `salle` : où elle se tient ; sans elle, `lieu` seul le dit. `duree` : les minutes
    qu'elle occupe chacun, aménagements et battement compris ; vide pour une épreuve planifiée avant qu'on ne la compte.
    """

    dossier = models.ForeignKey(
        "parcours.Dossier", verbose_name="dossier", on_delete=models.PROTECT, related_name="epreuves"
    )
    bloc = models.CharField("code du bloc", max_length=20)
    norme = models.CharField("empreinte de la norme", max_length=64)
    prevue_le = models.DateTimeField("prévue le")
    lieu = models.CharField("lieu", max_length=200)
    salle = models.ForeignKey(
        "convocations.Salle",
        verbose_name="salle",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="epreuves",
    )
    duree = models.PositiveSmallIntegerField("durée prévue, en minutes", null=True, editable=False)
    etat = models.CharField("état", max_length=30, editable=False)
    depuis = models.DateTimeField("dans cet état depuis", editable=False)
    remplace = models.OneToOneField(
        "self",
        verbose_name="remplace",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="remplacee_par",
    )

    class Meta:
        verbose_name = "épreuve"
        ordering = ("prevue_le", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("dossier", "bloc"), condition=~Q(etat__in=SANS_SUITE), name="epreuve_une_par_bloc"
            )
        ]
        indexes = [models.Index("prevue_le", name="epreuve_par_date")]

    def __str__(self) -> str:
        return f"{self.bloc} {self.pk}"


class PassageEpreuve(Passage):
    """Un changement d'état : une ligne de plus, jamais une ligne changée."""

    epreuve = models.ForeignKey(Epreuve, verbose_name="épreuve", on_delete=models.PROTECT, related_name="passages")

    class Meta:
        verbose_name = "passage d'une épreuve"
        verbose_name_plural = "passages des épreuves"
        ordering = ("epreuve", "rang")
        constraints = [models.UniqueConstraint("epreuve", "rang", name="passage_epreuve_un_rang")]
        triggers = insertion_seule()


class Affectation(Identifie):
    """Une personne évalue une épreuve, en une qualité, du jour `du` jusqu'à ce qu'on l'en relève (`au`).

    `remplace` : l'affectation qu'elle reprend alors que l'épreuve avait commencé ; elle juge ce qui peut encore l'être.
    """

    epreuve = models.ForeignKey(Epreuve, verbose_name="épreuve", on_delete=models.PROTECT, related_name="affectations")
    evaluateur = models.ForeignKey(
        "comptes.Personne", verbose_name="évaluateur", on_delete=models.PROTECT, related_name="affectations"
    )
    qualite = models.CharField("qualité", max_length=20, choices=Qualite)
    du = models.DateTimeField("du")
    au = models.DateTimeField("au", null=True, blank=True)
    remplace = models.ForeignKey(
        "self", verbose_name="remplace", on_delete=models.PROTECT, null=True, blank=True, related_name="remplacants"
    )
    motif = models.TextField("motif du remplacement", blank=True)

    class Meta:
        verbose_name = "affectation"
        ordering = ("du", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("epreuve", "qualite"), condition=Q(au__isnull=True), name="affectation_une_par_qualite"
            ),
            models.UniqueConstraint(
                fields=("epreuve", "evaluateur"), condition=Q(au__isnull=True), name="affectation_une_par_personne"
            ),
            models.CheckConstraint(
                name="affectation_dates_en_ordre", condition=Q(au__isnull=True) | Q(au__gte=F("du"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.qualite} {self.pk}"
