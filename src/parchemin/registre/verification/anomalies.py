"""Ce que la vérification trouve : un endroit, un code, une phrase."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Anomalie:
    """Un endroit où le journal ne tient plus. `code` est stable ; `str()` tient en une ligne, en français."""

    lieu: str
    code: str
    message: str

    def __str__(self) -> str:
        texte = f"{self.lieu} : {self.message} [{self.code}]"
        # Le texte vient d'une base altérée : rien n'y doit pouvoir écrire une autre ligne.
        return "".join(signe if signe.isprintable() else "\N{REPLACEMENT CHARACTER}" for signe in texte)


def entree(chaine: object, rang: object) -> str:
    """Le lieu d'une entrée."""
    return f"chaîne « {chaine} », entrée n° {rang}"


def ligne(numero: object) -> str:
    """Le lieu d'une ligne signée."""
    return f"ligne signée n° {numero}"
