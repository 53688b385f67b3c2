"""La page « Ma façon de noter »."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parchemin.socle import prudence


@dataclass(frozen=True, slots=True)
class VuePhrase:
    """Une phrase rapide dans sa ligne. `alerte` : elle semble nommer quelqu'un."""

    rang: int
    texte: str
    premiere: bool
    derniere: bool
    alerte: str


@dataclass(frozen=True, slots=True)
class PageFacon:
    """Les phrases, dans l'ordre où la grille les propose."""

    phrases: tuple[VuePhrase, ...]


def page_facon(phrases: Sequence[str]) -> PageFacon:
    """La page, sur ces phrases-là : celles de la personne, ou celles qu'elle est en train de ranger."""
    dernier = len(phrases) - 1
    return PageFacon(
        tuple(
            VuePhrase(rang, texte, rang == 0, rang == dernier, prudence.avertissement(texte))
            for rang, texte in enumerate(phrases)
        )
    )
