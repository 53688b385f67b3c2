"""Les touches de la grille, dites une fois : ce que l'aide en montre, et ce que la page retient (`raccourcis.js` les joue)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Touche:
    """Une ligne de l'aide. `montrees` : ce qui se lit sur le clavier ; `retenues` : les `key` du navigateur que la page retient,
    en minuscules, pour qu'elles ne défilent ni ne s'écrivent ; `places` : les `code` qui les valent sur tout clavier.
    """

    montrees: tuple[str, ...]
    sens: str
    retenues: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


def _seule(*touches: str, sens: str) -> Touche:
    """Un chiffre vaut aussi par sa place : un clavier français sans pavé l'écrit avec Majuscule, et donne sinon « & », « é », « " »."""
    places = tuple(f"Digit{touche}" for touche in touches if touche.isdecimal())
    return Touche(tuple(touche.upper() for touche in touches), sens, touches, places)


TOUJOURS = (
    Touche(("↓", "↑"), "critère suivant, critère précédent", ("arrowdown", "arrowup")),
    Touche(("←", "→"), "d’un choix à l’autre"),
    Touche(("Entrée",), "presser le bouton qui a le focus"),
    Touche(("Échap",), "fermer un volet, vider la recherche"),
)
SEULES = (
    _seule("1", "2", "3", sens="validé, non validé, non observé"),
    _seule("r", sens="écrire une remarque"),
    _seule("z", sens="annuler le dernier geste"),
    _seule("e", sens="un entretien de plus"),
    _seule("c", sens="un courrier de plus"),
    _seule("p", sens="pause, ou reprise"),
    _seule("q", sens="les questions, ou la grille"),
    _seule("/", sens="chercher un critère"),
    _seule("?", sens="cette aide"),
)
"""Celles d'une seule touche, que l'évaluateur peut couper (« Ma façon de noter »)."""


def retenues(*, seules: bool) -> list[str]:
    """Ce que la page retient ; `seules` : l'évaluateur a gardé celles d'une seule touche."""
    return [nom for une in (*TOUJOURS, *(SEULES if seules else ())) for nom in (*une.retenues, *une.places)]
