"""Les tables de la vie d'une personne : ses noms d'avant, ses départs."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from parchemin.comptes.models.organismes import Organisme
from parchemin.comptes.models.personnes import Personne
from parchemin.socle.bases import Identifie, insertion_seule


class NomPorte(Identifie):
    """Un nom que la personne a porté jusqu'à l'instant `jusqu_a` : ce que disent les documents d'avant."""

    personne = models.ForeignKey(
        Personne, verbose_name="personne", on_delete=models.PROTECT, related_name="noms_portes"
    )
    prenom = models.CharField("prénom", max_length=80)
    nom = models.CharField("nom", max_length=80)
    jusqu_a = models.DateTimeField("porté jusqu'à")

    class Meta:
        verbose_name = "nom porté"
        verbose_name_plural = "noms portés"
        ordering = ("jusqu_a", "id")
        triggers = insertion_seule()

    def __str__(self) -> str:
        return str(self.pk)


class Depart(Identifie):
    """Le départ d'un organisme (sans organisme : de tous) : à partir du jour `le`, ses rôles n'y ouvrent plus rien."""

    personne = models.ForeignKey(Personne, verbose_name="personne", on_delete=models.PROTECT, related_name="departs")
    organisme = models.ForeignKey(
        Organisme, verbose_name="organisme", on_delete=models.PROTECT, related_name="departs", null=True
    )
    le = models.DateField("parti à partir du")
    retour_le = models.DateField("revenu à partir du", null=True)
    roles_fermes = models.JSONField(
        "rôles que ce départ a fermés",
        default=dict,
        help_text="Pour chacun, le jour où il devait finir (null : sans fin prévue) : ce qu'un retour peut redonner.",
    )

    class Meta:
        verbose_name = "départ"
        ordering = ("le", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("personne", "organisme"),
                name="depart_un_en_cours",
                condition=Q(retour_le__isnull=True),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="depart_avant_retour", condition=Q(retour_le__isnull=True) | Q(retour_le__gte=F("le"))
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
