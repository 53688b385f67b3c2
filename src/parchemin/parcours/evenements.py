"""Ce que la capacité annonce aux capacités du dessus."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
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


@dataclass(frozen=True, slots=True)
class PersonneDesignee:
    """Quelqu'un vient d'être désigné tuteur ou manager d'un dossier (`qualite` : une valeur de `Qualite`)."""

    dossier: UUID
    personne: UUID
    qualite: str
    le: datetime
