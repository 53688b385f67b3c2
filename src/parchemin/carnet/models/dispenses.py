"""La table des dispenses : on convoque malgré un carnet incomplet, et l'on dit pourquoi."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from parchemin.carnet.models.carnets import Carnet
from parchemin.socle.bases import Identifie, insertion_seule


class Dispense(Identifie):
    """Le gestionnaire dispense du carnet d'un bloc, ou retire sa dispense. La dernière ligne d'un bloc vaut ; aucune ne change."""

    carnet = models.ForeignKey(Carnet, verbose_name="carnet", on_delete=models.PROTECT, related_name="dispenses")
    bloc = models.CharField("code du bloc", max_length=20)
    rang = models.PositiveSmallIntegerField("rang dans l'histoire de ce bloc")
    accordee = models.BooleanField("accordée", help_text="Faux : la dispense est retirée.")
    motif = models.TextField("motif")
    auteur = models.ForeignKey("comptes.Personne", verbose_name="auteur", on_delete=models.PROTECT, related_name="+")
    instant = models.DateTimeField("instant")

    class Meta:
        verbose_name = "dispense"
        constraints = [
            models.UniqueConstraint("carnet", "bloc", "rang", name="dispense_un_rang"),
            models.CheckConstraint(name="dispense_motivee", condition=~Q(motif="")),
        ]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.bloc} {self.rang}"
