"""Ce que la capacité annonce aux capacités du dessus."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class DossierInscrit:
    """Un candidat vient d'être inscrit : son carnet peut s'ouvrir."""

    dossier: UUID


@dataclass(frozen=True, slots=True)
class DossierPasse:
    """Un dossier vient de changer d'état."""

    dossier: UUID
    etat: str
