"""Une condition de l'épreuve qui n'est pas remplie se scelle avec un motif, qui va au procès-verbal, ou ne se scelle pas.

Un critère ouvert, un conflit ou une voie non dite n'ont pas d'exception : ils se règlent. Le règlement peut interdire
toute exception.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from moteur.regles.grille_complete import Manque

CODE = "EXCEPTION-MOTIVEE"
SOURCE = (
    "Le référentiel fixe les conditions de l'épreuve sans dire ce que devient celle qui ne les a pas toutes ; réglage "
    "« exceptions_aux_conditions » du règlement, à confirmer par le certificateur."
)
DEPUIS = "règlement du 19 avril 2021"
JUSQU_A = None

EXCUSABLES = frozenset({"exigence_non_remplie", "duree_insuffisante", "duree_inconnue"})
"""Les codes des manques qu'un motif peut lever : ceux des conditions, que l'on ne peut pas refaire après l'épreuve."""


def excusable(manque: Manque) -> bool:
    """Ce manque peut-il se sceller avec un motif ?"""
    return manque.code in EXCUSABLES


def restants(manques: Sequence[Manque], exceptions: Mapping[str, str], *, permises: bool) -> tuple[Manque, ...]:
    """Ce qui empêche encore de sceller : `exceptions` donne, pour la cible d'un manque, le motif écrit."""
    excuses = retenues(manques, exceptions, permises=permises)
    return tuple(manque for manque in manques if not excusable(manque) or manque.cible not in excuses)


def retenues(manques: Sequence[Manque], exceptions: Mapping[str, str], *, permises: bool) -> dict[str, str]:
    """Les exceptions qui se scellent : une par condition réellement manquée, avec un motif qui dit quelque chose."""
    if not permises:
        return {}
    return {
        manque.cible: exceptions[manque.cible].strip()
        for manque in manques
        if excusable(manque) and exceptions.get(manque.cible, "").strip()
    }
