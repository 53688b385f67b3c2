"""La table des rôles datés."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models.organismes import Organisme
from parchemin.comptes.models.personnes import Personne
from parchemin.socle.bases import Identifie


class Role(Identifie):
    """Ce qu'une personne vient faire, à partir du jour `du` et jusqu'au jour `au` non compris ; sans organisme : partout.

    `certification` (code d'un référentiel) et `session` (identifiant d'une session de jury) bornent encore ; vides, elles
    ne bornent rien. `du` peut être à venir et `au` prévu d'avance. Retiré un jour donné, un rôle n'ouvre plus rien dès ce
    jour-là ; redonné, il est une ligne de plus : l'histoire reste.
    """

    personne = models.ForeignKey(Personne, verbose_name="personne", on_delete=models.PROTECT, related_name="roles")
    nature = models.CharField("nature", max_length=30, choices=NatureRole)
    organisme = models.ForeignKey(
        Organisme, verbose_name="périmètre", on_delete=models.PROTECT, related_name="roles", null=True, blank=True
    )
    certification = models.CharField("certification", max_length=60, blank=True, default="")
    session = models.UUIDField("session", null=True, blank=True)
    du = models.DateField("du")
    au = models.DateField("jusqu'au", null=True, blank=True)

    class Meta:
        verbose_name = "rôle"
        verbose_name_plural = "rôles"
        constraints = [
            models.UniqueConstraint(
                fields=("personne", "nature", "organisme", "certification", "session"),
                name="role_une_fois_ouvert",
                condition=Q(au__isnull=True),
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="role_dates_en_ordre", condition=Q(au__isnull=True) | Q(au__gte=F("du"))),
        ]
        indexes = [models.Index("nature", "organisme", name="role_par_perimetre")]

    def __str__(self) -> str:
        return f"{self.nature} du {self.du}"
