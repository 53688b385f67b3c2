"""Depuis quand chacun évalue une épreuve : de quoi savoir ce qu'il a pu lire avant, et ce qui ne se montre pas encore à lui."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from parchemin.convocations.enums import ATTENDENT
from parchemin.convocations.models import Affectation
from parchemin.socle.acteur import Acteur


def premieres_affectations(
    lecteur: Acteur, epreuves: Iterable[UUID], personnes: Iterable[UUID]
) -> dict[tuple[UUID, UUID], datetime]:
    """Quand chacune de ces personnes fut affectée à chacune de ces épreuves pour la première fois. Une requête."""
    lignes = Affectation.objects.filter(epreuve_id__in=set(epreuves), evaluateur_id__in=set(personnes)).order_by("-du")
    return {(une, qui): du for une, qui, du in lignes.values_list("epreuve_id", "evaluateur_id", "du")}


def epreuves_a_taire(lecteur: Acteur) -> frozenset[UUID]:
    """Les épreuves que le lecteur évalue, ou évalua, avant que leurs deux lectures soient scellées : ce qui s'y fait, et quand, ne se
    montre pas encore à lui, quelle que soit l'autre qualité en laquelle il lit. Une requête.
    """  # fmt: skip
    siennes = Affectation.objects.filter(
        evaluateur_id=lecteur.id, epreuve__etat__in=ATTENDENT, epreuve__dossier__ouvert=True
    )
    return frozenset(siennes.order_by().values_list("epreuve_id", flat=True))
