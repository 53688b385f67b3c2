"""La page « Ma façon de noter »."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parchemin.socle import prudence

MOT_DE_FACON = {
    "enregistrer": "Votre façon de noter est enregistrée.",
    "ajouter": "La phrase est ajoutée, et votre façon de noter enregistrée.",
    "monter": "La phrase est montée, et votre façon de noter enregistrée.",
    "descendre": "La phrase est descendue, et votre façon de noter enregistrée.",
    "retirer": "La phrase est retirée, et votre façon de noter enregistrée.",
    "deja": "Cette phrase y était déjà. Votre façon de noter est enregistrée.",
    "vide": "Il n’y avait pas de phrase à ajouter. Votre façon de noter est enregistrée.",
}
"""Ce que la page répond à chaque bouton."""


@dataclass(frozen=True, slots=True)
class VuePhrase:
    """Une phrase rapide dans sa ligne. `alerte` : elle semble nommer quelqu'un. `focus` : le bouton, ou le champ, qui l'a."""

    rang: int
    texte: str
    premiere: bool
    derniere: bool
    alerte: str
    focus: str


@dataclass(frozen=True, slots=True)
class PageFacon:
    """Les phrases, dans l'ordre où la grille les propose. `focus_neuve` : on revient à la phrase à ajouter."""

    phrases: tuple[VuePhrase, ...]
    focus_neuve: bool


def page_facon(phrases: Sequence[str], *, geste: str = "", sur: str = "") -> PageFacon:
    """La page, sur ces phrases-là : celles de la personne, ou celles qu'elle est en train de ranger.

    `geste` : le bouton qui vient de servir ; `sur` : le rang, désormais, de la phrase dont il parlait. Le focus y reste.
    """
    dernier = len(phrases) - 1
    return PageFacon(
        tuple(
            VuePhrase(
                rang,
                texte,
                rang == 0,
                rang == dernier,
                prudence.avertissement(texte),
                _focus(geste, rang, dernier) if sur == str(rang) else "",
            )
            for rang, texte in enumerate(phrases)
        ),
        focus_neuve=bool(geste) and not sur,
    )


def _focus(geste: str, rang: int, dernier: int) -> str:
    """Le même bouton, pour presser encore ; au bout de la liste, celui qui en revient ; d'une phrase neuve, son champ."""
    if geste == "retirer":
        return geste
    if geste == "monter":
        return "monter" if rang > 0 else "descendre"
    if geste == "descendre":
        return "descendre" if rang < dernier else "monter"
    return "champ"
