"""Deux évaluateurs jugent chacun de son côté : aucun ne voit la lecture de l'autre avant que les deux soient scellées.

Personne d'autre ne voit de lecture avant ce moment ; après, les deux évaluateurs et ceux qui instruisent le dossier les
voient. Le candidat lit le résultat, jamais les lectures.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

CODE = "LECTURES-AVEUGLES"
SOURCE = (
    "Le référentiel demande deux évaluateurs ; que leurs lectures soient indépendantes est un réglage par défaut "
    "(deux lectures, un résultat commun), à confirmer par le certificateur."
)
DEPUIS = "version 2021 du référentiel"
JUSQU_A = None


def visibles[Q](
    qualites: Iterable[Q], *, scellees: Collection[Q], la_sienne: Q | None, instruit: bool
) -> tuple[Q, ...]:
    """Les lectures que quelqu'un peut lire, parmi `qualites` (toutes celles de l'épreuve), dans leur ordre.

    `la_sienne` : la qualité en laquelle il évalue, s'il évalue ; `instruit` : il instruit le dossier (gestionnaire).
    """
    toutes = tuple(qualites)
    if all(qualite in scellees for qualite in toutes) and (la_sienne is not None or instruit):
        return toutes
    return tuple(qualite for qualite in toutes if qualite == la_sienne)
