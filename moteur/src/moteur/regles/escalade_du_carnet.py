"""Une attestation qui tarde ne reste pas sans personne : de jour en jour, la relance monte d'un palier.

À qui atteste d'abord, puis au manager si c'est le tuteur qui tarde, au gestionnaire, au responsable de la certification. Le
règlement dit, palier par palier, au bout de combien de jours sans aucun geste (réglage `carnet_escalade`). Un geste au carnet
remet le compte à zéro. Monter ne décharge personne : ceux du dessous gardent la main.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

CODE = "ESCALADE-DU-CARNET"
SOURCE = "Non dit par le référentiel ; réglage « carnet_escalade » du règlement, à confirmer par le certificateur."
DEPUIS = "règlement du 19 avril 2021"
JUSQU_A = None


class Palier(StrEnum):
    """Qui est relancé, du plus proche au plus haut."""

    ATTESTANT = "attestant"
    MANAGER = "manager"
    GESTIONNAIRE = "gestionnaire"
    RESPONSABLE = "responsable"


type Table = Sequence[tuple[Palier, int]]
"""Chaque palier, et au bout de combien de jours il commence."""

TABLE_PAR_DEFAUT: Table = (
    (Palier.ATTESTANT, 0),
    (Palier.MANAGER, 7),
    (Palier.GESTIONNAIRE, 14),
    (Palier.RESPONSABLE, 30),
)
"""La table tenue tant qu'un règlement n'en dit pas d'autre ; celle du fichier du référentiel lui est égale."""


@dataclass(frozen=True, slots=True)
class Attente:
    """Où en est une attente : le palier atteint, le prochain et le jour où il commence (`None` : c'est le dernier)."""

    palier: Palier
    prochain: Palier | None
    le: date | None

    def atteint(self, palier: Palier) -> bool:
        """Vrai si la relance est montée jusqu'à ce palier, ou plus haut."""
        return list(Palier).index(self.palier) >= list(Palier).index(palier)


def defauts(table: Table) -> tuple[str, ...]:
    """Ce qui rend une table fausse, en français ; vide : chaque palier y est une fois, dans l'ordre, de plus en plus tard."""
    trouves = []
    if [palier for palier, _ in table] != list(Palier):
        trouves.append(f"les paliers sont, dans cet ordre : {', '.join(Palier)}")
    jours = [nombre for _, nombre in table]
    if jours[:1] != [0]:
        trouves.append("le premier palier commence aussitôt (0 jour)")
    if any(apres <= avant for avant, apres in pairwise(jours)):
        trouves.append("chaque palier commence plus tard que celui d'avant")
    return tuple(trouves)


def attente(table: Table, depuis: date, jour: date) -> Attente:
    """Où en est, ce jour-là, une attente où rien n'a bougé depuis `depuis`. Le palier commence le jour même de son terme."""
    passes = max((jour - depuis).days, 0)
    rang = max(rang for rang, (_, apres) in enumerate(table) if apres <= passes)
    if rang + 1 == len(table):
        return Attente(table[rang][0], None, None)
    prochain, apres = table[rang + 1]
    return Attente(table[rang][0], prochain, depuis + timedelta(days=apres))
