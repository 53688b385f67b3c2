"""Les certifications que l'on peut nommer dans une habilitation.

Les référentiels sont au-dessus des comptes : ils fournissent la liste au démarrage (`fournies_par`), et les comptes la
lisent sans les connaître.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Certification:
    """Une certification publiée ici, toutes versions comprises : son code, son titre, ses blocs (code et titre)."""

    code: str
    titre: str
    blocs: tuple[tuple[str, str], ...]

    @property
    def codes_des_blocs(self) -> frozenset[str]:
        """Les codes de ses blocs."""
        return frozenset(code for code, _ in self.blocs)


type Fournisseur = Callable[[], tuple[Certification, ...]]

_FOURNISSEURS: list[Fournisseur] = []


def fournies_par(fournisseur: Fournisseur) -> None:
    """Dit qui connaît les certifications. Le redire ne change rien."""
    if fournisseur not in _FOURNISSEURS:
        _FOURNISSEURS.append(fournisseur)


def certifications() -> tuple[Certification, ...]:
    """Les certifications publiées, dans l'ordre de leur code."""
    trouvees = [certification for fournisseur in _FOURNISSEURS for certification in fournisseur()]
    return tuple(sorted(trouvees, key=lambda certification: certification.code))


def certification(code: str) -> Certification | None:
    """La certification de ce code, `None` si elle n'est pas publiée ici."""
    return next((une for une in certifications() if une.code == code), None)
