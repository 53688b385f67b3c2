"""Qui agit, qui lit : un identifiant opaque, sans nom ni droits."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import cast
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
    deja_lu: dict[Hashable, object] | None = field(default=None, compare=False, repr=False)
    """Ce que cette lecture HTTP a déjà lu (voir `une_fois`) ; `None` pour tout autre acteur, et dès qu'on écrit."""

    @property
    def est_systeme(self) -> bool:
        """Vrai pour l'acteur « système », qui n'est personne."""
        return self.nature is NatureActeur.SYSTEME


SYSTEME = Acteur(UUID("00000000-0000-4000-8000-000000000001"), NatureActeur.SYSTEME)
"""Le système : seul acteur qui ne soit pas une personne."""


def une_fois[T](lecteur: Acteur, cle: Hashable, lire: Callable[[], T]) -> T:
    """Ce que rend `lire`, gardé le temps d'une lecture HTTP : la même page ne le redemande pas à la base.

    Seul l'intergiciel qui nomme l'acteur d'un GET lui donne cette mémoire ; elle finit avec sa réponse. Dans une écriture, une
    tâche, un service, l'acteur n'en a pas : un rôle retiré s'y voit aussitôt, sous le verrou.
    """
    if lecteur.deja_lu is None:
        return lire()
    if cle not in lecteur.deja_lu:
        lecteur.deja_lu[cle] = lire()
    return cast(T, lecteur.deja_lu[cle])
