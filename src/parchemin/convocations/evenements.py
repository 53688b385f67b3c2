"""Ce que les convocations annoncent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class EpreuvePlanifiee:
    """Une épreuve a une date et un lieu."""

    epreuve: UUID
    dossier: UUID
    bloc: str
    le: datetime


@dataclass(frozen=True, slots=True)
class EpreuveDeplacee:
    """Une épreuve qui n'a pas commencé change d'heure ou de place : qui fut convoqué l'est de nouveau. `de` : l'ancien début."""

    epreuve: UUID
    dossier: UUID
    bloc: str
    de: datetime
    le: datetime


@dataclass(frozen=True, slots=True)
class EvaluateursAffectes:
    """Les deux évaluateurs d'une épreuve sont connus ; les précédents, s'ils ont été remplacés."""

    epreuve: UUID
    dossier: UUID
    metier: UUID
    certificateur: UUID
    le: datetime
    metier_precedent: UUID | None = None
    certificateur_precedent: UUID | None = None


@dataclass(frozen=True, slots=True)
class EvaluateurRetire:
    """Un évaluateur ne l'est plus : il s'est déclaré lié, ou une récusation a été accueillie. L'épreuve attend un autre."""

    epreuve: UUID
    dossier: UUID
    evaluateur: UUID
    le: datetime


@dataclass(frozen=True, slots=True)
class RecusationDeposee:
    """Un candidat récuse un évaluateur : le gestionnaire tranche avant l'épreuve."""

    recusation: UUID
    epreuve: UUID
    dossier: UUID
    le: datetime


@dataclass(frozen=True, slots=True)
class IndependanceAVerifier:
    """Un fait nouveau écarte un évaluateur déjà affecté : le gestionnaire est averti."""

    epreuve: UUID
    dossier: UUID
    evaluateur: UUID
    le: datetime


@dataclass(frozen=True, slots=True)
class IncidentSignale:
    """Une épreuve est suspendue : le gestionnaire décide de la suite. Ni le motif ni le genre ne voyagent."""

    incident: UUID
    epreuve: UUID
    dossier: UUID
    le: datetime


@dataclass(frozen=True, slots=True)
class IncidentConsigne:
    """Un incident appris après les deux lectures est écrit pour le jury. Ni le motif ni le genre ne voyagent."""

    incident: UUID
    epreuve: UUID
    dossier: UUID
    auteur: UUID
    le: datetime


@dataclass(frozen=True, slots=True)
class IncidentTranche:
    """Le gestionnaire a décidé ; `epreuve_suivante` : celle qui continue, la même ou une autre, s'il y en a une."""

    epreuve: UUID
    dossier: UUID
    suite: str
    epreuve_suivante: UUID | None
    le: datetime


@dataclass(frozen=True, slots=True)
class EvaluateurRemplace:
    """Une épreuve dont l'heure est passée change d'évaluateur : `personne` prend la suite de `precedent` (`None` : déjà retiré, sa place était vide)."""

    epreuve: UUID
    dossier: UUID
    personne: UUID
    precedent: UUID | None
    le: datetime


@dataclass(frozen=True, slots=True)
class EpreuvePassee:
    """Une épreuve passe à un autre état : `vers`."""

    epreuve: UUID
    dossier: UUID
    vers: str
    le: datetime


@dataclass(frozen=True, slots=True)
class ConvocationRefusee:
    """Une personne convoquée ne viendra pas : le gestionnaire la remplace, ou déplace l'épreuve. Le motif ne voyage pas."""

    convocation: UUID
    epreuve: UUID
    dossier: UUID
    personne: UUID
    le: datetime
