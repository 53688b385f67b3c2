"""Ce qui suspend une épreuve, ce qui en fut décidé, et ce que l'on apprend une fois les deux lectures scellées."""

from __future__ import annotations

from django.db import models

from parchemin.convocations.enums import GenreIncident, SuiteIncident
from parchemin.convocations.models.epreuves import Epreuve
from parchemin.socle.bases import Identifie, insertion_seule


class Incident(Identifie):
    """Ce qui a suspendu une épreuve : qui l'a dit, quand, et pourquoi. Plusieurs peuvent suspendre la même épreuve.

    `etat_avant` : l'état de l'épreuve quand le premier d'entre eux l'a suspendue ; une reprise le lui rend. S'il est de ceux
    d'`APRES_LES_SCEAUX`, l'incident fut appris trop tard pour suspendre : il est consigné, et n'attend aucune suite.
    """

    epreuve = models.ForeignKey(Epreuve, verbose_name="épreuve", on_delete=models.PROTECT, related_name="incidents")
    genre = models.CharField("genre", max_length=20, choices=GenreIncident)
    motif = models.TextField("ce qui s'est passé")
    auteur = models.UUIDField("signalé par")
    le = models.DateTimeField("signalé le")
    etat_avant = models.CharField("état d'avant", max_length=30)

    class Meta:
        verbose_name = "incident"
        ordering = ("le", "id")
        indexes = [models.Index("epreuve", "le", name="incident_par_epreuve")]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.genre} {self.pk}"


class SuiteDIncident(models.Model):
    """Ce que le gestionnaire a décidé : une ligne par incident, une fois. `nouvelle` : l'épreuve ouverte à sa place."""

    incident = models.OneToOneField(
        Incident, verbose_name="incident", on_delete=models.PROTECT, related_name="suite", primary_key=True
    )
    suite = models.CharField("suite", max_length=20, choices=SuiteIncident)
    motif = models.TextField("motif")
    auteur = models.UUIDField("tranché par")
    le = models.DateTimeField("le")
    nouvelle = models.ForeignKey(
        Epreuve, verbose_name="nouvelle épreuve", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "suite d'un incident"
        verbose_name_plural = "suites des incidents"
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.suite} {self.incident_id}"
