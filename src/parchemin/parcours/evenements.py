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


@dataclass(frozen=True, slots=True)
class VersionChangee:
    """Un dossier vient d'être poursuivi dans un autre, sous une autre version du référentiel."""

    ancien: UUID
    nouveau: UUID
    le: datetime


@dataclass(frozen=True, slots=True)
class MutationProposee:
    """Un organisme propose à un autre de reprendre un dossier."""

    mutation: UUID
    le: datetime


@dataclass(frozen=True, slots=True)
class MutationTranchee:
    """Elle est accueillie, refusée ou retirée : voir `mutation`."""

    mutation: UUID
    le: datetime


@dataclass(frozen=True, slots=True)
class CandidatsImportes:
    """Un fichier de candidats vient d'être importé : chaque inscription sera annoncée à son tour, hors de cette attente."""

    importation: UUID


@dataclass(frozen=True, slots=True)
class ImportDefait:
    """Un import de candidats vient d'être défait : chaque dossier qu'il avait ouvert s'est clos, et l'annoncera à son tour."""

    importation: UUID
