"""La table des délégations."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from parchemin.comptes.models.personnes import Personne
from parchemin.comptes.models.roles import Role
from parchemin.socle.bases import Identifie


class Delegation(Identifie):
    """Un rôle confié pendant une absence, du jour `du` au jour `au` non compris. Le délégant est qui tient le rôle.

    Elle n'ouvre que ce que le rôle ouvre encore : le rôle retiré ou fini, la délégation n'ouvre plus rien.
    """

    role = models.ForeignKey(Role, verbose_name="rôle délégué", on_delete=models.PROTECT, related_name="delegations")
    delegue = models.ForeignKey(
        Personne, verbose_name="délégué", on_delete=models.PROTECT, related_name="delegations_recues"
    )
    du = models.DateField("du")
    au = models.DateField("jusqu'au")
    motif = models.CharField("motif", max_length=200, blank=True)
    donnee_le = models.DateTimeField("donnée le")
    revoquee_le = models.DateTimeField("révoquée le", null=True)

    class Meta:
        verbose_name = "délégation"
        constraints = [
            models.CheckConstraint(name="delegation_dates_en_ordre", condition=Q(au__gt=F("du"))),
            models.UniqueConstraint(
                fields=("role", "delegue", "du"),
                name="delegation_une_fois_par_debut",
                condition=Q(revoquee_le__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
