"""Qui peut agir sur un dossier, et sinon pourquoi."""

from __future__ import annotations

from uuid import UUID

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.permissions import derive
from parchemin.comptes.selectors import Droits
from parchemin.socle.refus import RefusDroit


def verifier_peut_inscrire(droits: Droits, organisme: UUID | None = None) -> None:
    """Inscrire un candidat (dans cet organisme, s'il est dit). Lève `RefusDroit("inscription_reservee")`."""
    if not droits.est_gestionnaire:
        raise RefusDroit(
            "inscription_reservee", "L'inscription d'un candidat revient au gestionnaire de son organisme."
        )
    if organisme is not None and not droits.couvre(NatureRole.GESTIONNAIRE, organisme):
        raise RefusDroit("inscription_reservee", "Vous gérez d'autres organismes que celui-ci.")


def verifier_peut_gerer_dossier(droits: Droits, organisme: UUID) -> None:
    """Désigner, abandonner : le gestionnaire de l'organisme. Lève `RefusDroit("dossier_reserve")`."""
    if not droits.couvre(NatureRole.GESTIONNAIRE, organisme):
        raise RefusDroit("dossier_reserve", "Ce dossier est tenu par le gestionnaire de son organisme.")


def verifier_peut_lister(droits: Droits) -> None:
    """Ouvrir la liste des candidats. Lève `RefusDroit("liste_reservee")`."""
    if not (droits.est_gestionnaire or droits.a(NatureRole.TUTEUR) or droits.a(NatureRole.MANAGER)):
        raise RefusDroit(
            "liste_reservee", "La liste des candidats s'ouvre aux gestionnaires, aux tuteurs et aux managers."
        )


peut_inscrire = derive(verifier_peut_inscrire)
peut_gerer_dossier = derive(verifier_peut_gerer_dossier)
peut_lister = derive(verifier_peut_lister)
