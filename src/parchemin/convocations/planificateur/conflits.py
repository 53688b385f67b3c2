"""Ce que fait un défaut d'une épreuve que l'on place à la main : empêcher, ou avertir."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from parchemin.convocations.planificateur.verificateur import Regle


class Effet(StrEnum):
    """Un refus arrête ; un avertissement se lit, et qui planifie passe outre en le disant."""

    REFUS = "refus"
    AVERTISSEMENT = "avertissement"


type Effets = Mapping[Regle, Effet]

TOUJOURS_REFUSES = frozenset({Regle.SALLE_PRISE, Regle.CANDIDAT_PRIS, Regle.EVALUATEUR_PRIS})
"""Nul n'est à deux endroits à la fois : aucun règlement ne le permet, et la base le tient aussi."""

REGLABLES = (
    Regle.SALLE_FERMEE,
    Regle.CANDIDAT_INDISPONIBLE,
    Regle.EVALUATEUR_INDISPONIBLE,
    Regle.TRAJET_TROP_COURT,
    Regle.MAXIMUM_DEPASSE,
)
"""Ce dont le règlement dit l'effet ; un avertissement, s'il n'en dit rien."""


def effets(table: Mapping[str, Effet]) -> Effets:
    """L'effet de chaque conflit en salle, d'après la table d'un règlement."""
    regles = {regle: table.get(regle.value, Effet.AVERTISSEMENT) for regle in REGLABLES}
    return {**regles, **dict.fromkeys(TOUJOURS_REFUSES, Effet.REFUS)}


def effets_hors_salle(en_salle: Effets) -> Effets:
    """Les mêmes quand le lieu n'est dit qu'en toutes lettres : on n'en sait pas assez du lieu pour refuser, tout avertit ; sauf d'être
    pris ailleurs à cette heure, où qu'on soit attendu.
    """
    return {**dict.fromkeys(en_salle, Effet.AVERTISSEMENT), **dict.fromkeys(TOUJOURS_REFUSES, Effet.REFUS)}
