"""Proposer des personnes à un formulaire."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID

from parchemin.comptes.selectors import Proposition, personnes_proposees
from parchemin.socle.acteur import Acteur


def propositions(
    lecteur: Acteur, jour: date, champs: Iterable[str], saisi: Mapping[str, Any]
) -> dict[str, Proposition]:
    """Pour chaque champ, les quelques personnes du périmètre du lecteur qui répondent à sa recherche, et celle choisie."""
    connues: dict[tuple[str, frozenset[UUID]], Proposition] = {}
    proposees = {}
    for champ in champs:
        demande = (str(saisi.get(f"{champ}_cherche") or ""), frozenset(_identifiants(saisi.get(champ))))
        if demande not in connues:
            connues[demande] = personnes_proposees(lecteur, jour, *demande)
        proposees[champ] = connues[demande]
    return proposees


def _identifiants(valeur: object) -> Iterable[UUID]:
    """L'identifiant saisi, s'il en a la forme."""
    with suppress(ValueError):
        yield UUID(str(valeur))
