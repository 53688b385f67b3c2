"""Ce que la capacité annonce aux capacités du dessus."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CarnetRemis:
    """Le carnet vient d'être remis au candidat."""

    dossier: UUID
    le: datetime


@dataclass(frozen=True, slots=True)
class CarnetComplet:
    """Toutes les lignes d'un carnet sont attestées par le tuteur et par le manager : on peut convoquer."""

    dossier: UUID


@dataclass(frozen=True, slots=True)
class CarnetRouvert:
    """Un retrait a rendu incomplet un carnet qui était complet."""

    dossier: UUID


@dataclass(frozen=True, slots=True)
class AttestationsRepudiees:
    """Une personne dit qu'elle n'a pas attesté ce qui porte son nom : le carnet est gelé, le gestionnaire est appelé."""

    dossier: UUID
    repudiation: UUID
    le: datetime
