"""Les convocations, ce qui leur arrive, le panel de courriers d'une épreuve, et le calendrier privé d'un évaluateur."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from moteur.etats import CONVOCATION
from parchemin.convocations.enums import Convoque
from parchemin.convocations.models.epreuves import Epreuve
from parchemin.socle.bases import Identifie, Passage, insertion_seule

FINIES = tuple(sorted(CONVOCATION.terminaux))


class Convocation(Identifie):
    """Une personne est convoquée à une épreuve, en une place. Ses états sont ceux de `moteur.etats.CONVOCATION`. Une seule vit à la fois
    par place et par personne : une épreuve remise à un autre jour en fait une autre.

    `dit` : ce que lui a dit la dernière version (heures, lieu, qui évalue) ; s'il change, une version de plus part, et
    `sequence` croît. `empreinte` : celle du jeton de son lien personnel. `remplacant` : qui elle propose à sa place.
    """

    epreuve = models.ForeignKey(Epreuve, verbose_name="épreuve", on_delete=models.PROTECT, related_name="convocations")
    personne = models.ForeignKey(
        "comptes.Personne", verbose_name="personne", on_delete=models.PROTECT, related_name="convocations"
    )
    place = models.CharField("place", max_length=20, choices=Convoque)
    etat = models.CharField("état", max_length=30, editable=False)
    depuis = models.DateTimeField("dans cet état depuis", editable=False)
    convoquee_le = models.DateTimeField("convoquée le")
    sequence = models.PositiveIntegerField("version dite")
    dit = models.JSONField("ce qui lui a été dit")
    empreinte = models.CharField("empreinte SHA-256 du jeton", max_length=64, unique=True)
    envoyee_le = models.DateTimeField("dernier courriel déposé le", null=True)
    derogation = models.TextField("motif d'une convocation tardive", blank=True)
    remplacant = models.ForeignKey(
        "comptes.Personne", verbose_name="remplaçant proposé", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "convocation"
        ordering = ("convoquee_le", "place", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("epreuve", "place"), condition=~Q(etat__in=FINIES), name="convocation_une_par_place"
            ),
            models.UniqueConstraint(
                fields=("epreuve", "personne"), condition=~Q(etat__in=FINIES), name="convocation_une_par_personne"
            ),
        ]
        indexes = [models.Index("personne", "etat", name="convocation_par_personne")]

    def __str__(self) -> str:
        return f"{self.place} {self.pk}"


class PassageConvocation(Passage):
    """Un changement d'état : une ligne de plus, jamais une ligne changée."""

    convocation = models.ForeignKey(
        Convocation, verbose_name="convocation", on_delete=models.PROTECT, related_name="passages"
    )

    class Meta:
        verbose_name = "passage d'une convocation"
        verbose_name_plural = "passages des convocations"
        ordering = ("convocation", "rang")
        constraints = [models.UniqueConstraint("convocation", "rang", name="passage_convocation_un_rang")]
        triggers = insertion_seule()


class PanelDEpreuve(Identifie):
    """Les motifs de courrier choisis pour une épreuve, au moment de convoquer. La dernière ligne vaut."""

    epreuve = models.ForeignKey(Epreuve, verbose_name="épreuve", on_delete=models.PROTECT, related_name="panels")
    motifs = models.JSONField("motifs choisis")
    auteur = models.UUIDField("choisis par")
    le = models.DateTimeField("le")

    class Meta:
        verbose_name = "panel de courriers d'une épreuve"
        verbose_name_plural = "panels de courriers des épreuves"
        ordering = ("le", "id")
        triggers = insertion_seule()

    def __str__(self) -> str:
        return str(self.pk)


class CalendrierPrive(Identifie):
    """L'adresse secrète du calendrier d'une personne : la base n'en garde que l'empreinte. Une seule vaut à la fois."""

    personne = models.ForeignKey(
        "comptes.Personne", verbose_name="personne", on_delete=models.PROTECT, related_name="calendriers"
    )
    empreinte = models.CharField("empreinte SHA-256 du jeton", max_length=64, unique=True)
    ouvert_le = models.DateTimeField("ouvert le")
    ferme_le = models.DateTimeField("fermé le", null=True)

    class Meta:
        verbose_name = "calendrier privé"
        verbose_name_plural = "calendriers privés"
        constraints = [
            models.UniqueConstraint(
                fields=("personne",), condition=Q(ferme_le__isnull=True), name="calendrier_prive_un_ouvert"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
