"""Ce que partagent les vues."""

from __future__ import annotations

from parchemin.comptes import presenters
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.forms import ChoixDeRole
from parchemin.comptes.permissions import RequeteConnectee


def choix_de_role(request: RequeteConnectee) -> ChoixDeRole:
    """Les rôles et les périmètres que peut donner qui envoie la requête."""
    droits = request.droits
    return ChoixDeRole(
        natures=presenters.natures_donnables(droits),
        organismes=presenters.choix_organismes(request.acteur),
        partout=droits.est_administrateur or droits.connait(NatureRole.GESTIONNAIRE) is None,
        certifications=presenters.choix_certifications(droits),
    )
