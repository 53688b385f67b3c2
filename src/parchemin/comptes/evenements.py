"""Ce que les comptes annoncent aux capacités du dessus."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class LienChange:
    """Un lien entre deux personnes vient d'être déclaré, clos, corrigé ou annulé."""

    de: UUID
    vers: UUID
    le: datetime
