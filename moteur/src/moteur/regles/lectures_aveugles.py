"""Deux évaluateurs jugent chacun de son côté : aucun ne voit la lecture de l'autre avant que les deux soient scellées.

Personne d'autre ne voit de lecture avant ce moment ; après, les deux évaluateurs et ceux qui instruisent le dossier les
voient. Le candidat lit le résultat, jamais les lectures. Si le règlement demande une lecture commune (réglage « lecture »),
l'un tient la grille et la scelle, l'autre la lit et la contresigne. Qui scelle sa propre lecture après avoir pu en lire une
autre du même bloc n'en est pas empêché : sa lecture le dit, partout où elle se lit.
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
    qualites: Iterable[Q], *, scellees: Collection[Q], la_sienne: Q | None, instruit: bool, commune: bool = False
) -> tuple[Q, ...]:
    """Les lectures que quelqu'un peut lire, parmi `qualites` (toutes celles de l'épreuve), dans leur ordre.

    `la_sienne` : la qualité en laquelle il évalue, s'il évalue ; `instruit` : il instruit le dossier (gestionnaire).
    `commune` : le règlement demande une lecture commune ; l'autre évaluateur lit ce que le premier a scellé, pour le
    contresigner.
    """
    toutes = tuple(qualites)
    if all(qualite in scellees for qualite in toutes) and (la_sienne is not None or instruit):
        return toutes
    if commune and la_sienne is not None:
        return tuple(qualite for qualite in toutes if qualite == la_sienne or qualite in scellees)
    return tuple(qualite for qualite in toutes if qualite == la_sienne)


def lues_avant[Q](
    qualites: Iterable[Q], *, scellees: Collection[Q], la_sienne: Q | None, instruit: bool, commune: bool
) -> tuple[Q, ...]:
    """Les lectures scellées que quelqu'un pouvait lire à l'instant où il scelle la sienne : vide, elle est indépendante.

    Mêmes arguments que `visibles`. Pouvoir suffit : ouvrir une page ne prouve ni que l'on a lu, ni que l'on n'a pas lu.
    """
    ouvertes = visibles(qualites, scellees=scellees, la_sienne=la_sienne, instruit=instruit, commune=commune)
    return tuple(qualite for qualite in ouvertes if qualite in scellees and qualite != la_sienne)
