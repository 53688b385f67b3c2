"""La grille courante, refaite naïvement d'après « Ce que disent ensemble plusieurs faits » (`docs/echange-des-faits.md`).

Rien du moteur ici, et aucun souci de vitesse : chaque fait est comparé à tous les autres.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Fait = Mapping[str, Any]
"""Un fait, dans la forme de l'échange."""


@dataclass(frozen=True, slots=True)
class GrilleNaive:
    """Ce que vaut chaque cible, et celles qui attendent une personne."""

    valeurs: Mapping[str, Any]
    conflits: frozenset[str]


def grille_naive(faits: Iterable[Fait]) -> GrilleNaive:
    """La grille que disent ces faits, quel que soit leur ordre."""
    faits = list(faits)
    valeurs: dict[str, Any] = {}
    conflits: set[str] = set()
    for cible in {fait["cible"] for fait in faits}:
        dits = [fait for fait in faits if fait["cible"] == cible]
        debout = [fait for fait in dits if not any(_corrige(autre, fait) for autre in dits)]
        if len({_sens(fait) for fait in debout}) == 1:
            valeurs[cible] = debout[0]["valeur"]
        else:
            conflits.add(cible)
    for cible in list(conflits):  # une durée écrite à la main départage des chronomètres qui se contredisent
        debut, _, borne = cible.rpartition(":")
        if borne in {"debut", "fin"} and valeurs.get(f"{debut}:duree") is not None:
            conflits.discard(cible)
    return GrilleNaive(valeurs, frozenset(conflits))


def _corrige(un: Fait, autre: Fait) -> bool:
    if un["appareil"] == autre["appareil"]:
        return bool(un["rang"] > autre["rang"])
    return bool(un["vus"].get(autre["appareil"], 0) >= autre["rang"])


def _sens(fait: Fait) -> str:
    """Deux faits qui ont le même sens sont d'accord. Un chronomètre lancé n'a que le sien : son heure est à lui."""
    if fait["cible"].endswith((":debut", ":fin")) and fait["valeur"] is True:
        return str(fait["id"])
    return json.dumps(fait["valeur"], sort_keys=True, ensure_ascii=False)
