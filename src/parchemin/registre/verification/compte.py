"""Ce que l'examen compte en passant."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Compte:
    """Ce qui a été examiné ; `tables` : les tables scellées dont on a déjà dit qu'on ne les connaît pas."""

    chaines: int = 0
    entrees: int = 0
    scelles: int = 0
    tables_inconnues: set[str] = field(default_factory=set)
