"""Une instance et des placements, de quoi les garder et les relire : des listes et des nombres, rien d'autre.

Ce n'est pas le JSON que l'on échange (`fichier`) : les heures y restent en minutes depuis 1970, les admis s'y disent par leur rang.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from parchemin.convocations.planificateur.instance import (
    AJuger,
    Candidat,
    Engagement,
    Evaluateur,
    Instance,
    Ouverture,
    Placement,
    Plage,
    Salle,
)


def garder(instance: Instance) -> dict[str, Any]:
    """L'instance, en listes."""
    rangs = {e.cle: rang for rang, e in enumerate(instance.evaluateurs)}
    return {
        "salles": [[s.cle, s.site, [[*_bornes(o.plage), o.jour] for o in s.ouvertures]] for s in instance.salles],
        "evaluateurs": [
            [e.cle, _plages(e.libre), e.maximum, e.base, _engagements(e.engagements)] for e in instance.evaluateurs
        ],
        "candidats": [
            [c.cle, c.attente, None if c.libre is None else _plages(c.libre), _engagements(c.engagements)]
            for c in instance.candidats
        ],
        "epreuves": [
            [
                e.cle,
                e.candidat,
                e.bloc,
                e.duree,
                sorted(map(rangs.get, e.metiers)),
                sorted(map(rangs.get, e.certificateurs)),
            ]
            for e in instance.epreuves
        ],
        "trajets": [[*sorted(paire), minutes] for paire, minutes in sorted(instance.trajets.items(), key=_tri)],
        "occupees": {salle: _plages(plages) for salle, plages in instance.occupees.items()},
    }


def relire(garde: dict[str, Any]) -> Instance:
    """L'instance qu'a gardée `garder`."""
    cles = [e[0] for e in garde["evaluateurs"]]
    return Instance(
        salles=tuple(
            Salle(cle, site, tuple(Ouverture(Plage(debut, fin), jour) for debut, fin, jour in ouvertures))
            for cle, site, ouvertures in garde["salles"]
        ),
        evaluateurs=tuple(
            Evaluateur(cle, _relues(libre), maximum, base, _tenus(engagements))
            for cle, libre, maximum, base, engagements in garde["evaluateurs"]
        ),
        candidats=tuple(
            Candidat(cle, attente, None if libre is None else _relues(libre), _tenus(engagements))
            for cle, attente, libre, engagements in garde["candidats"]
        ),
        epreuves=tuple(
            AJuger(cle, candidat, bloc, duree, frozenset(cles[r] for r in metiers), frozenset(cles[r] for r in autres))
            for cle, candidat, bloc, duree, metiers, autres in garde["epreuves"]
        ),
        trajets={frozenset((de, vers)): minutes for de, vers, minutes in garde["trajets"]},
        occupees={salle: _relues(plages) for salle, plages in garde["occupees"].items()},
    )


def garder_plan(plan: Iterable[Placement]) -> list[list[Any]]:
    """Des placements, en listes."""
    return [[p.epreuve, p.salle, p.debut, p.metier, p.certificateur] for p in plan]


def relire_plan(garde: Iterable[list[Any]]) -> tuple[Placement, ...]:
    """Les placements qu'a gardés `garder_plan`."""
    return tuple(Placement(*champs) for champs in garde)


def _bornes(plage: Plage) -> list[int]:
    return [plage.debut, plage.fin]


def _plages(plages: Iterable[Plage]) -> list[list[int]]:
    return [_bornes(plage) for plage in plages]


def _relues(plages: Iterable[list[int]]) -> tuple[Plage, ...]:
    return tuple(Plage(debut, fin) for debut, fin in plages)


def _engagements(engagements: Iterable[Engagement]) -> list[list[Any]]:
    return [[*_bornes(e.plage), e.jour, e.site] for e in engagements]


def _tenus(engagements: Iterable[list[Any]]) -> tuple[Engagement, ...]:
    return tuple(Engagement(Plage(debut, fin), jour, site) for debut, fin, jour, site in engagements)


def _tri(ligne: tuple[frozenset[str], int]) -> list[str]:
    return sorted(ligne[0])
