"""Les conditions d'une épreuve telles qu'une lecture les constate : voie, entretiens, courriers, durées, compétences abordées.

Une condition se nomme par un code : `alternative`, `entretiens`, `courriers`, `competences_abordees`, `phase:<code>`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from moteur.grille import MS_PAR_MINUTE, Courrier
from moteur.referentiel import Epreuve, Phase
from moteur.vocabulaire import CodeExigence, SensDuree

ALTERNATIVE = "alternative"
PHASE = "phase:"


@dataclass(frozen=True, slots=True)
class Conditions:
    """Ce qu'une lecture dit du déroulement. `phases_ms` : la durée de chaque phase, `None` si elle n'est pas connue.

    `exceptions` : pour chaque condition non remplie que l'évaluateur a scellée quand même, son motif.
    """

    alternative: str | None = None
    entretiens: tuple[str | None, ...] = ()
    courriers: tuple[Courrier, ...] = ()
    competences_abordees: frozenset[str] = frozenset()
    phases_ms: Mapping[str, int | None] = field(default_factory=dict)
    exceptions: Mapping[str, str] = field(default_factory=dict)


def codes(epreuve: Epreuve) -> tuple[str, ...]:
    """Les conditions que cette épreuve connaît, dans l'ordre où on les montre."""
    voie = (ALTERNATIVE,) if epreuve.alternatives else ()
    exigences = tuple(exigence.code.value for exigence in epreuve.exigences)
    return (*voie, *exigences, *(f"{PHASE}{phase.code}" for phase in epreuve.phases))


def differences(epreuve: Epreuve, une: Conditions, autre: Conditions, *, ecart_minutes: int) -> tuple[str, ...]:
    """Les conditions sur lesquelles deux lectures diffèrent, dans l'ordre de `codes`.

    Deux durées diffèrent si plus de `ecart_minutes` les séparent, si une seule est connue, ou si une seule atteint le
    minimum ; deux motifs de courrier, s'ils ne se lisent pas pareil (casse et espaces ignorées).
    """
    phases = {f"{PHASE}{phase.code}": phase for phase in epreuve.phases}
    return tuple(
        code
        for code in codes(epreuve)
        if (
            _durees_different(phases[code], une, autre, ecart_minutes)
            if code in phases
            else _valeur(une, code) != _valeur(autre, code)
        )
    )


def _valeur(conditions: Conditions, code: str) -> object:
    """Une condition, sous une forme comparable."""
    match code:
        case CodeExigence.ENTRETIENS:
            return sorted(str(voie) for voie in conditions.entretiens)
        case CodeExigence.COURRIERS:
            return sorted((c.motif.casefold().split(), c.preselectionne) for c in conditions.courriers)
        case CodeExigence.COMPETENCES_ABORDEES:
            return conditions.competences_abordees
        case _:
            return conditions.alternative


def _durees_different(phase: Phase, une: Conditions, autre: Conditions, ecart_minutes: int) -> bool:
    premiere, seconde = une.phases_ms.get(phase.code), autre.phases_ms.get(phase.code)
    if premiere is None or seconde is None:
        return premiere is not seconde
    if abs(premiere - seconde) > ecart_minutes * MS_PAR_MINUTE:
        return True
    if phase.duree is None or phase.duree.sens is not SensDuree.MINIMUM:
        return False
    minimum = phase.duree.minutes * MS_PAR_MINUTE
    return (premiere >= minimum) is not (seconde >= minimum)
