"""Deux tournures françaises, partagées par les raisons et les refus."""

from __future__ import annotations

from collections.abc import Sequence


def accorder(nombre: int, singulier: str, pluriel: str) -> str:
    """« 0 critère validé », « 1 critère validé », « 2 critères validés » : le pluriel français commence à deux."""
    return f"{nombre} {singulier if nombre < 2 else pluriel}"


def enumerer(mots: Sequence[str]) -> str:
    """« B1 », « B1 et B2 », « B1, B2 et B3 »."""
    if len(mots) > 1:
        return f"{', '.join(mots[:-1])} et {mots[-1]}"
    return mots[0] if mots else ""
