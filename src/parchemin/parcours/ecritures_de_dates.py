"""Lire un jour, ou une naissance, comme on l'écrit : 31/12/1990, 31.12.1990, 1990-12-31, 31 décembre 1990, 12/1990, 1990."""

from __future__ import annotations

import re
from datetime import date

from parchemin.parcours.identite import Naissance
from parchemin.socle.cles import cle_recherche

_MOIS = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre",
)  # fmt: skip
_FORMES = (
    re.compile(r"(?P<j>\d{1,2})[/. -](?P<m>\d{1,2})[/. -](?P<a>\d{4})"),
    re.compile(r"(?P<a>\d{4})[-/](?P<m>\d{2})[-/](?P<j>\d{2})(?:[T ]00:00(?::00)?)?"),
    re.compile(r"(?P<m>\d{1,2})[/. -](?P<a>\d{4})"),
    re.compile(r"(?P<a>\d{4})"),
)
_EN_LETTRES = re.compile(r"(?:(?P<j>\d{1,2})(?:er)? )?(?P<mois>[a-z]{3,}) (?P<a>\d{4})")
_NOMBRE_D_EXCEL = re.compile(r"\d{5}(?:[.,]\d+)?")


def lire_naissance(texte: str) -> Naissance | None:
    """Ce qui est dit, même impossible (les règles de l'état civil le diront) ; `None` : ce n'est pas une naissance. « 00 » : inconnu."""
    for forme in _FORMES:
        if lu := forme.fullmatch(texte.strip()):
            parts = {nom: int(valeur) for nom, valeur in lu.groupdict().items()}
            return Naissance(parts["a"], parts.get("m") or None, parts.get("j") or None)
    if lu := _EN_LETTRES.fullmatch(cle_recherche(texte)):
        nommes = [rang for rang, mois in enumerate(_MOIS, start=1) if mois.startswith(lu["mois"])]
        if len(nommes) == 1:
            return Naissance(int(lu["a"]), nommes[0], int(lu["j"]) if lu["j"] else None)
    return None


def lire_jour(texte: str) -> date | None:
    """Un jour entier du calendrier ; `None` sinon."""
    lu = lire_naissance(texte)
    if lu is None or lu.annee is None or lu.mois is None or lu.jour is None:
        return None
    try:
        return date(lu.annee, lu.mois, lu.jour)
    except ValueError:
        return None


def nombre_d_excel(texte: str) -> bool:
    """Vrai si c'est le nombre par lequel un tableur garde une date, sans la forme qui le montre (33361 : le 3 mai 1991)."""
    return _NOMBRE_D_EXCEL.fullmatch(texte.strip()) is not None
