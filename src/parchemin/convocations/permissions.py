"""Qui planifie et qui affecte, et sinon pourquoi."""

from __future__ import annotations

from collections.abc import Sequence

from moteur.regles.evaluateur_admissible import Obstacle
from parchemin.comptes.enums import EVALUATEURS, NatureRole
from parchemin.comptes.permissions import derive
from parchemin.comptes.selectors import Droits
from parchemin.parcours.selectors import VueDossier
from parchemin.socle.refus import RefusDroit

RAISONS = {
    Obstacle.CANDIDAT: "c'est le candidat lui-même",
    Obstacle.TUTEUR: "c'est le tuteur du candidat",
    Obstacle.MANAGER: "c'est le manager du candidat",
    Obstacle.DEUX_QUALITES: "une même personne ne peut pas tenir les deux qualités",
    Obstacle.SANS_ROLE: "cette personne n'a pas ce rôle d'évaluateur à la date de l'épreuve",
}


def verifier_peut_planifier(droits: Droits, dossier: VueDossier) -> None:
    """Planifier, affecter, annuler : le gestionnaire de l'organisme. Lève `RefusDroit("planification_reservee")`."""
    if not droits.couvre(NatureRole.GESTIONNAIRE, dossier.organisme, dossier.referentiel_code):
        raise RefusDroit("planification_reservee", "Les épreuves d'un candidat se planifient par son gestionnaire.")


def verifier_peut_lister(droits: Droits) -> None:
    """Ouvrir la liste des épreuves. Lève `RefusDroit("liste_reservee")`."""
    if not (droits.est_gestionnaire or any(droits.a(nature) for nature in EVALUATEURS)):
        raise RefusDroit("liste_reservee", "La liste des épreuves s'ouvre aux gestionnaires et aux évaluateurs.")


def verifier_admissible(nom: str, obstacles: Sequence[Obstacle]) -> None:
    """Lève `RefusDroit` au code du premier obstacle, avec toutes les raisons en détail."""
    if obstacles:
        raise RefusDroit(
            obstacles[0].value,
            f"{nom} ne peut pas évaluer cette épreuve : {' ; '.join(RAISONS[obstacle] for obstacle in obstacles)}.",
        )


peut_planifier = derive(verifier_peut_planifier)
peut_lister = derive(verifier_peut_lister)
