"""La table du registre des évaluateurs et des jurés."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from parchemin.comptes.enums import QualiteRegistre
from parchemin.comptes.models.personnes import Personne
from parchemin.socle.bases import Identifie


class LigneRegistre(Identifie):
    """L'habilitation d'une personne à évaluer ou à juger, pour elle seule (*intuitu personae*), et ses preuves.

    Elle vaut du jour `habilitee_le` au jour `renouveler_le` non compris. La renouveler, c'est ajouter une ligne ; la
    radier, c'est la clore avec son motif : l'histoire reste.
    """

    personne = models.ForeignKey(
        Personne, verbose_name="personne", on_delete=models.PROTECT, related_name="lignes_registre"
    )
    qualite = models.CharField("qualité", max_length=30, choices=QualiteRegistre)
    metier = models.CharField("preuve du métier", max_length=200)
    formation = models.CharField("formation à l'évaluation", max_length=200)
    formee_le = models.DateField("formée le")
    habilitee_le = models.DateField("habilitée à partir du")
    renouveler_le = models.DateField("à renouveler le")
    radiee_le = models.DateField("radiée à partir du", null=True)
    motif = models.CharField("motif de la radiation", max_length=200, blank=True)

    class Meta:
        verbose_name = "ligne du registre"
        verbose_name_plural = "lignes du registre"
        ordering = ("habilitee_le", "id")
        constraints = [
            models.CheckConstraint(
                name="registre_dates_en_ordre",
                condition=Q(renouveler_le__gt=F("habilitee_le")) & Q(formee_le__lte=F("habilitee_le")),
            ),
            models.CheckConstraint(name="registre_radiation_motivee", condition=Q(radiee_le=None) | ~Q(motif="")),
            models.UniqueConstraint(
                fields=("personne", "qualite", "habilitee_le"),
                name="registre_une_ligne_par_jour",
                condition=Q(radiee_le__isnull=True),
            ),
        ]
        indexes = [models.Index("qualite", "renouveler_le", name="registre_par_echeance")]

    def __str__(self) -> str:
        return str(self.pk)
