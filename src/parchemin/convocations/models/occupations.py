"""Qui et quoi une épreuve occupe, et quand : la base refuse deux fois la même personne, ou la même salle, au même instant."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from parchemin.convocations.models.epreuves import Epreuve
from parchemin.convocations.models.lieux import Salle

BORNES = RangeBoundary(inclusive_lower=True, inclusive_upper=True)


def un_seul_a_la_fois(champ: str) -> ExclusionConstraint:
    """Deux lignes d'une même personne (ou salle) n'ont aucun instant en commun.

    `parchemin_uuidrange` (migration 0006) fait d'un identifiant une plage d'un seul élément : `&&` y vaut « égal », et un index
    GiST sait le lire sans l'extension `btree_gist`.
    """
    return ExclusionConstraint(
        name=f"occupation_une_{champ}_a_la_fois",
        expressions=[
            (Func(F("debut"), F("fin"), function="tstzrange"), RangeOperators.OVERLAPS),
            (Func(F(champ), F(champ), BORNES, function="parchemin_uuidrange"), RangeOperators.OVERLAPS),
        ],
        condition=Q(**{f"{champ}__isnull": False}),
    )


class Occupation(models.Model):
    """Une personne ou une salle tenue par une épreuve, de `debut` (compris) à `fin` (non compris). Sans salle, ses gens sont tenus.

    Redit ce que disent l'épreuve et ses affectations : `services.occupations` la refait à chaque changement, dans la même
    transaction, et l'ôte quand l'épreuve ne se tiendra plus.
    """

    epreuve = models.ForeignKey(Epreuve, verbose_name="épreuve", on_delete=models.PROTECT, related_name="occupations")
    personne = models.ForeignKey(
        "comptes.Personne", verbose_name="personne", on_delete=models.PROTECT, null=True, related_name="+"
    )
    salle = models.ForeignKey(Salle, verbose_name="salle", on_delete=models.PROTECT, null=True, related_name="+")
    debut = models.DateTimeField("de")
    fin = models.DateTimeField("à")

    class Meta:
        verbose_name = "occupation"
        ordering = ("debut", "id")
        constraints = [
            models.CheckConstraint(
                name="occupation_personne_ou_salle",
                condition=Q(personne=None, salle__isnull=False) | Q(personne__isnull=False, salle=None),
            ),
            models.CheckConstraint(name="occupation_debut_avant_fin", condition=Q(debut__lt=F("fin"))),
            un_seul_a_la_fois("personne"),
            un_seul_a_la_fois("salle"),
        ]

    def __str__(self) -> str:
        return f"{self.epreuve_id} {self.debut:%Y-%m-%d %H:%M}"
