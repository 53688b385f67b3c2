"""Les ministres et organismes certificateurs peuvent habiliter les organismes tiers à fournir une ou plusieurs des prestations correspondantes.

Ces prestations sont la préparation des candidats et leur évaluation. L'habilitation naît d'une convention, qui dit ses
missions (évaluer, préparer), la certification entière ou ses blocs, et ses dates. Elle peut être suspendue, reprise,
résiliée ; elle s'éteint au lendemain de son dernier jour. Ce qui compte est ce qu'elle disait le jour de l'épreuve : son
histoire est une suite de lignes, chacune valable à partir de sa date d'effet et jusqu'à la suivante. Le certificateur
lui-même évalue de droit : sa ligne au registre n'a pas de convention.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

CODE = "HABILITATION-EN-VIGUEUR"
SOURCE = (
    "Code du travail, articles R6113-16 (habiliter un tiers), R6113-16-1 et -2 (la convention et ce qu'elle dit), "
    "R6113-16-3 (préparer), R6113-16-4 (évaluer) et R6113-16-6 (suspendre, résilier)."
)
DEPUIS = "9 juin 2025 (décret n° 2025-500)"
JUSQU_A = None


class Mission(StrEnum):
    """Ce qu'une habilitation permet : les deux prestations que nomme le code du travail."""

    EVALUER = "evaluer"
    PREPARER = "preparer"


class EtatHabilitation(StrEnum):
    """Les codes de la table `moteur.etats.HABILITATION`. Le calendrier fait seul le premier et le dernier."""

    A_VENIR = "a_venir"
    EN_VIGUEUR = "en_vigueur"
    SUSPENDUE = "suspendue"
    RESILIEE = "resiliee"
    ECHUE = "echue"


@dataclass(frozen=True, slots=True)
class Ligne:
    """Ce que dit une habilitation à partir du jour `effet`.

    `etat` : en vigueur, suspendue ou résiliée ; `blocs` : `None` pour la certification entière ; `dernier_jour` : le
    dernier jour de validité, compris, ou `None` sans terme.
    """

    effet: date
    etat: EtatHabilitation
    missions: frozenset[Mission]
    blocs: frozenset[str] | None
    dernier_jour: date | None


def ligne_au(lignes: Sequence[Ligne], jour: date) -> Ligne | None:
    """La ligne qui vaut ce jour-là : la dernière écrite dont l'effet est venu ; `None` avant la première."""
    return next((ligne for ligne in reversed(lignes) if ligne.effet <= jour), None)


def etat_au(lignes: Sequence[Ligne], jour: date) -> EtatHabilitation:
    """L'état ce jour-là. Une habilitation résiliée le reste après son terme ; suspendue, elle s'éteint à son terme."""
    ligne = ligne_au(lignes, jour)
    if ligne is None:
        return EtatHabilitation.A_VENIR
    if ligne.etat != EtatHabilitation.RESILIEE and ligne.dernier_jour is not None and jour > ligne.dernier_jour:
        return EtatHabilitation.ECHUE
    return ligne.etat


def permet(lignes: Sequence[Ligne], jour: date, mission: Mission, bloc: str) -> bool:
    """L'habilitation permet-elle cette mission sur ce bloc, ce jour-là ?"""
    ligne = ligne_au(lignes, jour)
    return (
        ligne is not None
        and etat_au(lignes, jour) == EtatHabilitation.EN_VIGUEUR
        and mission in ligne.missions
        and (ligne.blocs is None or bloc in ligne.blocs)
    )


def echeance_naturelle(lignes: Sequence[Ligne]) -> date | None:
    """Le premier jour où l'habilitation est échue, d'après sa dernière ligne ; `None` : résiliée, ou sans terme."""
    derniere = lignes[-1]
    if derniere.etat == EtatHabilitation.RESILIEE or derniere.dernier_jour is None:
        return None
    return derniere.dernier_jour + timedelta(days=1)
