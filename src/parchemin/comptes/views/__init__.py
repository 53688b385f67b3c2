"""Les pages des personnes, des organismes et des invitations."""

from parchemin.comptes.views.fiches_organismes import nouvel_organisme, organismes
from parchemin.comptes.views.fiches_personnes import donner_role, nouvelle, personne, personnes, retirer_role
from parchemin.comptes.views.invitations import annuler_invitation, invitation, inviter
from parchemin.comptes.views.liens import annuler_lien, clore_lien, liens, nouveau_lien

__all__ = [
    "annuler_invitation",
    "annuler_lien",
    "clore_lien",
    "donner_role",
    "invitation",
    "inviter",
    "liens",
    "nouveau_lien",
    "nouvel_organisme",
    "nouvelle",
    "organismes",
    "personne",
    "personnes",
    "retirer_role",
]
