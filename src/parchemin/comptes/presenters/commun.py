"""Ce que partagent les listes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page

from parchemin.socle.composants import Action, Tableau, Vide

PAR_PAGE = 25


@dataclass(frozen=True, slots=True)
class PageListe:
    """Une liste : son compte, son tableau, ses pages ; `vide` quand il n'y a rien."""

    resume: str
    tableau: Tableau | None
    page: Page[Any]
    vide: Vide
    actions: tuple[Action, ...]
    registre: str = ""
