"""Ce que les convocations ont bâti sur un dossier : ce qui empêche de défaire l'import qui l'a ouvert."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from parchemin.convocations.models import Epreuve


def suites_des_dossiers(dossiers: Collection[UUID]) -> Iterator[tuple[UUID, str]]:
    """Une épreuve, quel que soit son état ; tout le reste (affectations, lectures, résultats) pend à elle. Une requête."""
    for dossier in (
        Epreuve.objects.filter(dossier__in=dossiers).order_by("dossier").values_list("dossier", flat=True).distinct()
    ):
        yield dossier, "une épreuve a été planifiée."
