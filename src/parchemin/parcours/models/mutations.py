"""La table des mutations : un dossier passe d'un organisme à un autre, d'accord des deux."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from parchemin.parcours.enums import EtatMutation
from parchemin.parcours.models.dossiers import Dossier
from parchemin.socle.bases import Identifie


class Mutation(Identifie):
    """Le passage proposé d'un dossier à un autre organisme. Tranchée, elle ne bouge plus ; `tranchee_le` est le jour du départ."""

    dossier = models.ForeignKey(Dossier, verbose_name="dossier", on_delete=models.PROTECT, related_name="mutations")
    de = models.ForeignKey("comptes.Organisme", verbose_name="de", on_delete=models.PROTECT, related_name="+")
    vers = models.ForeignKey("comptes.Organisme", verbose_name="vers", on_delete=models.PROTECT, related_name="+")
    motif = models.TextField("motif")
    proposee_par = models.UUIDField("proposée par")
    proposee_le = models.DateTimeField("proposée le")
    etat = models.CharField("état", max_length=12, choices=EtatMutation, default=EtatMutation.PROPOSEE)
    reponse = models.TextField("réponse", blank=True)
    tranchee_par = models.UUIDField("tranchée par", null=True)
    tranchee_le = models.DateTimeField("tranchée le", null=True)

    class Meta:
        verbose_name = "mutation"
        constraints = [
            models.UniqueConstraint(
                fields=("dossier",), name="mutation_une_en_cours", condition=Q(etat=EtatMutation.PROPOSEE)
            ),
            models.CheckConstraint(name="mutation_ailleurs", condition=~Q(de=F("vers"))),
            models.CheckConstraint(name="mutation_motivee", condition=~Q(motif="")),
            models.CheckConstraint(
                name="mutation_tranchee_par_quelqu_un",
                condition=Q(etat=EtatMutation.PROPOSEE, tranchee_le=None, tranchee_par=None)
                | (~Q(etat=EtatMutation.PROPOSEE) & Q(tranchee_le__isnull=False, tranchee_par__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["vers", "etat"], name="mutation_a_accueillir")]

    def __str__(self) -> str:
        return str(self.pk)
