"""Les liens que disent les actes eux-mêmes : tuteur de, manager de, évaluateur de. Rien n'en est recopié.

Les actes vivent dans les capacités du dessus : chacune dit par `deduire_les_liens` ceux qu'elle connaît.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from moteur.lignee import Periode
from parchemin.socle.acteur import Acteur


class GenreDeduit(StrEnum):
    """Ce qu'un acte dit de `vers` pour `de`, le candidat."""

    TUTEUR = "tuteur"
    MANAGER = "manager"
    EVALUATEUR = "evaluateur"


@dataclass(frozen=True, slots=True)
class LienDeduit:
    """`vers` a été tuteur, manager ou évaluateur de `de`, du premier au dernier acte ; `acte` dit lequel, `url` où il se lit."""

    genre: GenreDeduit
    de: UUID
    de_nom: str
    vers: UUID
    vers_nom: str
    periode: Periode
    acte: str
    url: str


type Deduction = Callable[[Acteur, frozenset[UUID], date], Iterable[LienDeduit]]
_DEDUCTIONS: dict[str, Deduction] = {}


def deduire_les_liens(capacite: str, deduction: Deduction) -> None:
    """Déclare, depuis l'`AppConfig.ready` d'une capacité du dessus, les liens que ses actes disent. Le redire remplace."""
    _DEDUCTIONS[capacite] = deduction


def liens_deduits(lecteur: Acteur, fiches: frozenset[UUID], jour: date) -> tuple[LienDeduit, ...]:
    """Les liens qu'ont faits les actes, pour ces fiches d'une même personne, dans les dossiers ouverts au lecteur ; les plus récents d'abord."""
    tous = [lien for nom in sorted(_DEDUCTIONS) for lien in _DEDUCTIONS[nom](lecteur, fiches, jour)]
    return tuple(sorted(tous, key=lambda lien: lien.periode.du or date.min, reverse=True))
