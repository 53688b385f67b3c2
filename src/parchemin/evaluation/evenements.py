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
