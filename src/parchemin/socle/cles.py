"""Clés de tri et de recherche françaises, calculées en Python (la base n'a ni ICU ni `unaccent`)."""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = str.maketrans(
    {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"}
)
_HORS_LETTRES = re.compile(r"[^0-9a-z]+")


def _lettres(texte: str) -> str:
    plie = unicodedata.normalize("NFC", texte).casefold().translate(_LIGATURES)
    return "".join(signe for signe in unicodedata.normalize("NFKD", plie) if not unicodedata.combining(signe))


def cle_recherche(texte: str) -> str:
    """Le texte sans accents, sans casse, ponctuation réduite à une espace : « d'Arc » donne « d arc ».

    >>> cle_recherche("Œuvrard"), cle_recherche("Nguyễn"), cle_recherche("d'Arc")
    ('oeuvrard', 'nguyen', 'd arc')
    """
    return _HORS_LETTRES.sub(" ", _lettres(texte)).strip()


def cle_tri(texte: str) -> str:
    """Une clé dont l'ordre des octets est l'ordre alphabétique français.

    Lettres de base d'abord (espaces, tirets et apostrophes ne comptent pas), accents ensuite pour départager.

    >>> sorted(["Zoé", "Élan", "d'Arc", "Abel"], key=cle_tri)
    ['Abel', "d'Arc", 'Élan', 'Zoé']
    """
    base = _HORS_LETTRES.sub("", _lettres(texte))
    return f"{base} {unicodedata.normalize('NFC', texte).casefold()}"
