"""Les pages des personnes, des organismes et des invitations."""

from parchemin.comptes.views.delegations import agir, deleguer, reprendre, revoquer
from parchemin.comptes.views.fiches_organismes import nouvel_organisme, organismes
from parchemin.comptes.views.fiches_personnes import donner_role, nouvelle, personne, personnes, retirer_role
from parchemin.comptes.views.invitations import annuler_invitation, invitation, inviter
from parchemin.comptes.views.liens import annuler_lien, clore_lien, liens, nouveau_lien
from parchemin.comptes.views.registre import habiliter, radier, registre, registre_csv
from parchemin.comptes.views.vie import modifier, partir, reunir, revenir

__all__ = [
    "agir",
    "annuler_invitation",
    "annuler_lien",
    "clore_lien",
    "deleguer",
    "donner_role",
    "habiliter",
    "invitation",
    "inviter",
    "liens",
    "modifier",
    "nouveau_lien",
    "nouvel_organisme",
    "nouvelle",
    "organismes",
    "partir",
    "personne",
    "personnes",
    "radier",
    "registre",
    "registre_csv",
    "reprendre",
    "retirer_role",
    "reunir",
    "revenir",
    "revoquer",
]
