"""Les pages des personnes, des organismes et des invitations."""

from parchemin.comptes.views.fiches_organismes import nouvel_organisme, organismes
from parchemin.comptes.views.fiches_personnes import donner_role, nouvelle, personne, personnes, retirer_role
from parchemin.comptes.views.invitations import annuler_invitation, invitation, inviter

__all__ = [
    "annuler_invitation",
    "donner_role",
    "invitation",
    "inviter",
    "nouvel_organisme",
    "nouvelle",
    "organismes",
    "personne",
    "personnes",
    "retirer_role",
]
