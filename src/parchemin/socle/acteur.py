"""Qui agit, qui lit : un identifiant opaque, sans nom ni droits."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class NatureActeur(StrEnum):
    """Une personne, ou le système lui-même (tâches, installation, démonstration)."""

    PERSONNE = "personne"
    SYSTEME = "systeme"


@dataclass(frozen=True, slots=True)
class Acteur:
    """L'auteur d'un acte ou le lecteur d'une page.

    `id` est l'identifiant de la personne (`comptes.Personne`) ; il ne dit rien d'elle.
    Les droits se lisent dans `comptes.selectors`, jamais ici.
    """

    id: UUID
    nature: NatureActeur = NatureActeur.PERSONNE
    par_delegation_de: UUID | None = field(default=None, compare=False)
    """La personne absente pour qui l'on agit : ses droits délégués valent alors, et le journal le dit."""

    @property
    def est_systeme(self) -> bool:
        """Vrai pour l'acteur « système », qui n'est personne."""
        return self.nature is NatureActeur.SYSTEME


SYSTEME = Acteur(UUID("00000000-0000-4000-8000-000000000001"), NatureActeur.SYSTEME)
"""Le système : seul acteur qui ne soit pas une personne."""
