"""Quand une personne peut être prise : sa semaine, ses exceptions, ce qu'elle accepte par jour."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from parchemin.convocations.models.lieux import HeuresDeSemaine, Site, heures_bien_faites
from parchemin.socle.bases import Identifie


class Agenda(models.Model):
    """Ce qu'une personne règle pour elle. Sans `HeuresDePersonne`, elle n'a rien dit de sa semaine.

    `fuseau` : celui où ses heures se lisent ; `site` : d'où elle part ; `maximum` : combien d'épreuves au plus par jour
    (vide : ce que dit le règlement).
    """

    personne = models.OneToOneField(
        "comptes.Personne",
        verbose_name="personne",
        on_delete=models.PROTECT,
        related_name="agenda",
        primary_key=True,
    )
    fuseau = models.CharField("fuseau horaire", max_length=64)
    site = models.ForeignKey(
        Site, verbose_name="site d'attache", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    maximum = models.PositiveSmallIntegerField("épreuves au plus par jour", null=True, blank=True)
    revu_le = models.DateTimeField("revu le")

    class Meta:
        verbose_name = "agenda"
        constraints = [
            models.CheckConstraint(name="agenda_maximum_positif", condition=Q(maximum=None) | Q(maximum__gte=1))
        ]

    def __str__(self) -> str:
        return str(self.pk)


class HeuresDePersonne(HeuresDeSemaine):
    """Une plage, chaque semaine, où l'on peut compter sur une personne : pour évaluer, ou ses heures de travail de candidat."""

    agenda = models.ForeignKey(Agenda, verbose_name="agenda", on_delete=models.CASCADE, related_name="heures")

    class Meta:
        verbose_name = "heures d'une personne"
        verbose_name_plural = "heures des personnes"
        ordering = ("agenda", "jour", "de")
        constraints = heures_bien_faites("heures_de_personne")

    def __str__(self) -> str:
        return f"{self.agenda_id} {self.jour}"


class ExceptionDAgenda(Identifie):
    """De `debut` (compris) à `fin` (non compris), la personne est prise (`libre` faux) ou libre, quoi que dise sa semaine.

    La raison n'est demandée ni gardée.
    """

    agenda = models.ForeignKey(Agenda, verbose_name="agenda", on_delete=models.CASCADE, related_name="exceptions")
    libre = models.BooleanField("libre")
    debut = models.DateTimeField("du")
    fin = models.DateTimeField("au")

    class Meta:
        verbose_name = "exception d'un agenda"
        verbose_name_plural = "exceptions des agendas"
        ordering = ("debut", "id")
        constraints = [models.CheckConstraint(name="exception_debut_avant_fin", condition=Q(debut__lt=F("fin")))]

    def __str__(self) -> str:
        return str(self.pk)
