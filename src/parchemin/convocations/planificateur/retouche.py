"""Déplacer une épreuve d'un plan, à la main : le plan d'après, et le premier moment libre d'une salle un jour donné.

Rien n'est interdit ici : un plan retouché se relit par `verificateur`, qui en dit chaque défaut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from parchemin.convocations.planificateur.instance import Instance, Placement, Plage
from parchemin.convocations.planificateur.verificateur import Defaut, defauts

PAS = 15
"""En minutes : d'un geste, une épreuve avance ou recule d'autant."""


class Sens(StrEnum):
    """Les gestes qui ne demandent rien d'autre."""

    PLUS_TOT = "plus_tot"
    PLUS_TARD = "plus_tard"
    VEILLE = "veille"
    LENDEMAIN = "lendemain"


def sans(plan: Sequence[Placement], epreuve: str) -> tuple[Placement, ...]:
    """Le plan, sans cette épreuve."""
    return tuple(p for p in plan if p.epreuve != epreuve)


def avec(plan: Sequence[Placement], placement: Placement) -> tuple[Placement, ...]:
    """Le plan, cette épreuve à sa nouvelle place."""
    return (*sans(plan, placement.epreuve), placement)


def ses_defauts(instance: Instance, plan: Sequence[Placement], epreuve: str) -> tuple[Defaut, ...]:
    """Les défauts d'une épreuve du plan, chacun une fois."""
    return tuple(dict.fromkeys(d for d in defauts(instance, plan) if d.epreuve == epreuve))


def premier_libre(instance: Instance, plan: Sequence[Placement], voulu: Placement, jour: int) -> int | None:
    """Le premier début de ce jour, dans la salle voulue et devant les mêmes personnes, où rien ne s'oppose ; à défaut, le premier où la
    salle au moins est libre ; `None` si elle est fermée ce jour-là.
    """
    reste, duree = sans(plan, voulu.epreuve), instance.epreuve[voulu.epreuve].duree
    ouvertures = [o.plage for o in instance.salle[voulu.salle].ouvertures if o.jour == jour]
    prises = [instance.plage(p) for p in reste if p.salle == voulu.salle] + list(instance.occupees.get(voulu.salle, ()))
    gens = {voulu.metier, voulu.certificateur, instance.epreuve[voulu.epreuve].candidat}
    siennes = [
        instance.plage(p) for p in reste if gens & {p.metier, p.certificateur, instance.epreuve[p.epreuve].candidat}
    ]
    debuts = sorted({*(o.debut for o in ouvertures), *(p.fin for p in (*prises, *siennes))})
    plages = [Plage(debut, debut + duree) for debut in debuts]
    libres = [
        p for p in plages if any(o.contient(p) for o in ouvertures) and not any(p.touche(prise) for prise in prises)
    ]
    for plage in libres:
        if not ses_defauts(instance, avec(reste, replace(voulu, debut=plage.debut)), voulu.epreuve):
            return plage.debut
    return next((p.debut for p in libres), ouvertures[0].debut if ouvertures else None)


def decalee(instance: Instance, plan: Sequence[Placement], epreuve: str, sens: Sens) -> Placement | None:
    """L'épreuve un pas plus tôt ou plus tard, ou au jour d'ouverture d'avant ou d'après ; `None` si elle n'est pas placée, ou s'il n'y en a pas."""
    actuel = next((p for p in plan if p.epreuve == epreuve), None)
    if actuel is None:
        return None
    if sens in (Sens.PLUS_TOT, Sens.PLUS_TARD):
        return replace(actuel, debut=actuel.debut + (PAS if sens is Sens.PLUS_TARD else -PAS))
    ouvertures = instance.salle[actuel.salle].ouvertures
    jours = sorted({o.jour for o in ouvertures})
    ici = max((o.jour for o in ouvertures if o.plage.debut <= actuel.debut), default=jours[0] if jours else 0)
    autres = [j for j in jours if (j > ici if sens is Sens.LENDEMAIN else j < ici)]
    if not autres:
        return None
    jour = autres[0] if sens is Sens.LENDEMAIN else autres[-1]
    debut = premier_libre(instance, plan, actuel, jour)
    return None if debut is None else replace(actuel, debut=debut)
