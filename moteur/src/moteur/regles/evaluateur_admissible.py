"""Un représentant métier (sans lien hiérarchique avec celui-ci et qui n'est pas intervenu dans la formation de celui-ci).

« Celui-ci » est le candidat. Le manager a un lien hiérarchique, le tuteur est intervenu dans la formation : la règle
vaut ici pour les deux évaluateurs. Deux évaluateurs sont deux personnes, et nul ne juge sa propre épreuve.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

CODE = "EVALUATEUR-ADMISSIBLE"
SOURCE = (
    "Référentiel du CQP Conseiller Offres de Service de la Sécurité sociale, « Evaluation faite par » de chaque bloc ; "
    "que le tuteur et le manager soient écartés en toute qualité est un réglage par défaut."
)
DEPUIS = "version 2021 du référentiel"
JUSQU_A = None


class Obstacle(StrEnum):
    """Ce qui empêche une personne d'évaluer une épreuve."""

    CANDIDAT = "evaluateur_est_candidat"
    TUTEUR = "evaluateur_est_tuteur"
    MANAGER = "evaluateur_est_manager"
    DEUX_QUALITES = "evaluateur_deux_qualites"
    SANS_ROLE = "evaluateur_sans_role"


@dataclass(frozen=True, slots=True)
class Situation:
    """Une personne devant une épreuve, au jour où on la juge.

    `tient_l_autre_qualite` : elle est aussi l'autre évaluateur de l'épreuve ; `a_le_role` : elle a ce jour-là le rôle
    d'évaluateur en la qualité demandée.
    """

    est_le_candidat: bool
    est_tuteur: bool
    est_manager: bool
    tient_l_autre_qualite: bool
    a_le_role: bool


def obstacles(situation: Situation) -> tuple[Obstacle, ...]:
    """Tous les obstacles, le plus grave d'abord ; vide : la personne peut évaluer."""
    presents = (
        (situation.est_le_candidat, Obstacle.CANDIDAT),
        (situation.est_tuteur, Obstacle.TUTEUR),
        (situation.est_manager, Obstacle.MANAGER),
        (situation.tient_l_autre_qualite, Obstacle.DEUX_QUALITES),
        (not situation.a_le_role, Obstacle.SANS_ROLE),
    )
    return tuple([obstacle for present, obstacle in presents if present])
