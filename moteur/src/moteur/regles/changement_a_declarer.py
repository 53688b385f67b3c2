"""Les ministères et organismes certificateurs communiquent au directeur général de France compétences, dans un délai de deux mois, toute modification portant sur ces habilitations.

Une habilitation donnée, étendue, réduite, suspendue, reprise, résiliée ou arrivée à son terme est une modification. Le
délai part du jour où elle prend effet et se compte en mois calendaires ; son dernier jour compte encore.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from moteur.delais import ajouter_mois

CODE = "CHANGEMENT-A-DECLARER"
SOURCE = "Code du travail, article R6113-16-5 ; le décompte de quantième à quantième suit l'article 641 du code de procédure civile."
DEPUIS = "9 juin 2025 (décret n° 2025-500)"
JUSQU_A = None

MOIS_POUR_DECLARER = 2
JOURS_D_APPROCHE = 30
"""À partir de combien de jours avant l'échéance on presse : un réglage de l'application, pas de la loi."""


@dataclass(frozen=True, slots=True)
class Delai:
    """Le délai d'un changement, un jour donné : `restent` vaut 0 le dernier jour, et devient négatif ensuite."""

    echeance: date
    restent: int

    @property
    def depasse(self) -> bool:
        """Vrai dès le lendemain du dernier jour."""
        return self.restent < 0

    @property
    def approche(self) -> bool:
        """Vrai dans les `JOURS_D_APPROCHE` derniers jours, et après."""
        return self.restent <= JOURS_D_APPROCHE


def echeance(effet: date) -> date:
    """Le dernier jour pour déclarer un changement qui a pris effet ce jour-là."""
    return ajouter_mois(effet, MOIS_POUR_DECLARER)


def delai(effet: date, jour: date) -> Delai:
    """Où en est le délai, vu de ce jour."""
    dernier = echeance(effet)
    return Delai(dernier, (dernier - jour).days)
