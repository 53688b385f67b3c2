"""Une mesure : ce qui est mesuré, sa valeur, le but qu'elle vise ou le pair auquel elle se rapporte."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from time import perf_counter
from typing import Any


class Sens(StrEnum):
    """De quel côté du but il faut être."""

    AU_MOINS = "au moins"
    AU_PLUS = "au plus"


@dataclass(frozen=True, slots=True)
class Mesure:
    """Une ligne du tableau.

    `but` et `sens` disent ce que l'on vise ; `pair` nomme ce à quoi l'on se compare, mesuré dans la même course et dans
    la même unité (`valeur_pair`). `note` dit dans quelles conditions.
    """

    sujet: str
    nom: str
    valeur: float
    unite: str
    but: float | None = None
    sens: Sens = Sens.AU_PLUS
    pair: str = ""
    valeur_pair: float | None = None
    note: str = ""

    @property
    def tenu(self) -> bool | None:
        """Le but est-il atteint ? `None` sans but."""
        if self.but is None:
            return None
        return self.valeur >= self.but if self.sens is Sens.AU_MOINS else self.valeur <= self.but

    @property
    def ratio(self) -> float | None:
        """La valeur rapportée à celle du pair."""
        return None if not self.valeur_pair else self.valeur / self.valeur_pair

    def en_json(self) -> dict[str, Any]:
        """La mesure pour un programme : ses champs, `tenu` et `ratio`."""
        return asdict(self) | {"tenu": self.tenu, "ratio": self.ratio}


def chronometrer(geste: Callable[[], object], fois: int) -> list[float]:
    """Les durées, en secondes, de `fois` exécutions successives."""
    durees = []
    for _ in range(fois):
        depart = perf_counter()
        geste()
        durees.append(perf_counter() - depart)
    return durees


def centile(durees: Sequence[float], rang: int) -> float:
    """Le centile `rang` (50, 95…) d'au moins deux durées."""
    return statistics.quantiles(durees, n=100, method="inclusive")[rang - 1]


def nombre(valeur: float) -> str:
    """Un nombre à la française : trois chiffres significatifs, milliers séparés (« 2 410 000 », « 12,4 », « 0,031 »)."""
    if abs(valeur) >= 100:
        return f"{valeur:,.0f}".replace(",", "\N{NARROW NO-BREAK SPACE}")
    return f"{valeur:.3g}".replace(".", ",")


def tableau(mesures: Iterable[Mesure]) -> str:
    """Le tableau, une mesure par ligne, colonnes alignées ; chaque sujet n'est dit qu'une fois."""
    entetes = ("Sujet", "Mesure", "Valeur", "But", "", "Pair", "Ratio")
    lignes: list[tuple[str, ...]] = []
    notes: list[str] = []
    sujet = ""
    for mesure in mesures:
        appel = ""
        if mesure.note:
            if mesure.note not in notes:
                notes.append(mesure.note)
            appel = f" ({notes.index(mesure.note) + 1})"
        lignes.append(
            (
                mesure.sujet if mesure.sujet != sujet else "",
                mesure.nom + appel,
                f"{nombre(mesure.valeur)} {mesure.unite}",
                "" if mesure.but is None else f"{mesure.sens} {nombre(mesure.but)}",
                {None: "", True: "tenu", False: "MANQUÉ"}[mesure.tenu],
                "" if mesure.valeur_pair is None else f"{mesure.pair} : {nombre(mesure.valeur_pair)} {mesure.unite}",
                "" if mesure.ratio is None else f"× {nombre(mesure.ratio)}",
            )
        )
        sujet = mesure.sujet
    largeurs = [max(len(ligne[rang]) for ligne in (entetes, *lignes)) for rang in range(len(entetes))]
    trait = tuple("─" * largeur for largeur in largeurs)
    corps = [
        "  ".join(mot.ljust(largeur) for mot, largeur in zip(ligne, largeurs, strict=True)).rstrip()
        for ligne in (entetes, trait, *lignes)
    ]
    return "\n".join([*corps, *([""] if notes else []), *(f"({rang}) {note}" for rang, note in enumerate(notes, 1))])
