"""Refuser : un code stable, une raison en français, ce qui a été gardé."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from moteur.vocabulaire import Refus as RefusMoteur


class Refus(Exception):
    """Un acte refusé par une règle, un droit ou un état.

    `code` est stable et se compare ; `message` se lit (jamais de décision sur son texte) ;
    `conserve` dit ce qui a été gardé malgré le refus ; `details` énumère ce qui manque, un élément par ligne.
    """

    def __init__(self, code: str, message: str, *, conserve: str = "", details: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.conserve = conserve
        self.details = tuple(details)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.code!r}, {self.message!r})"


class RefusDroit(Refus):
    """La personne n'a pas le droit de faire cela (réponse 403)."""


class Introuvable(Refus):
    """L'objet n'existe pas, ou le lecteur n'a pas à savoir qu'il existe (réponse 404)."""

    def __init__(self, message: str = "Cette page n'existe pas, ou elle ne vous est pas ouverte.") -> None:
        super().__init__("introuvable", message)


@contextmanager
def au_nom_du_moteur() -> Iterator[None]:
    """Dans le bloc, un refus du moteur devient le nôtre : même code, mêmes mots."""
    try:
        yield
    except RefusMoteur as refus:
        raise Refus(refus.code, refus.message) from refus
