"""Ce que l'évaluation annonce : des identifiants et des instants, jamais une note."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class LectureScellee:
    """Un évaluateur a clos sa grille. Ne dit rien de ce qu'elle contient."""

    epreuve: UUID
    evaluateur: UUID
    le: datetime


@dataclass(frozen=True, slots=True)
class ResultatEtabli:
    """Une épreuve a un résultat scellé."""

    epreuve: UUID
    dossier: UUID
    bloc: str
    le: datetime


@dataclass(frozen=True, slots=True)
class SecondRegardDemande:
    """Un résultat qui tient à peu attend une troisième personne. Ne dit pas lequel des motifs."""

    epreuve: UUID
    dossier: UUID
    bloc: str
    le: datetime


@dataclass(frozen=True, slots=True)
class SecondRegardDesigne:
    """Quelqu'un est désigné pour un second regard ; `precedent` ne l'est plus."""

    epreuve: UUID
    dossier: UUID
    personne: UUID
    le: datetime
    precedent: UUID | None = None


@dataclass(frozen=True, slots=True)
class SecondRegardRendu:
    """Un second regard est clos, avec un avis ou sans (`avis`). Ne dit rien de l'avis."""

    epreuve: UUID
    dossier: UUID
    avis: bool
    le: datetime


@dataclass(frozen=True, slots=True)
class PapierVerse:
    """Une grille papier ressaisie est entrée dans la lecture de son évaluateur : à lui de la relire et de la sceller."""

    epreuve: UUID
    evaluateur: UUID
    le: datetime


@dataclass(frozen=True, slots=True)
class EvaluateurRelance:
    """Un évaluateur tarde : à sceller, à s'accorder, ou à confirmer (`acte` : `moteur.regles.carences.Acte`)."""

    epreuve: UUID
    evaluateur: UUID
    acte: str
    le: datetime
