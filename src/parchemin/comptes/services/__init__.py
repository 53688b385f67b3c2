"""Toutes les écritures de la capacité. Chacune vérifie le droit de son auteur ; le système (`SYSTEME`) gère partout."""

from parchemin.comptes.services.acces import desactiver_compte, ouvrir_compte
from parchemin.comptes.services.commun import CHAINE, chaine_organisme
from parchemin.comptes.services.invitations import (
    OCTETS_JETON,
    VALIDITE_INVITATION,
    InvitationEmise,
    accepter_invitation,
    inviter,
    inviter_administrateur,
)
from parchemin.comptes.services.organismes import creer_organisme
from parchemin.comptes.services.personnes import accueillir_personne, creer_personne
from parchemin.comptes.services.roles import donner_role, retirer_role

__all__ = [
    "CHAINE",
    "OCTETS_JETON",
    "VALIDITE_INVITATION",
    "InvitationEmise",
    "accepter_invitation",
    "accueillir_personne",
    "chaine_organisme",
    "creer_organisme",
    "creer_personne",
    "desactiver_compte",
    "donner_role",
    "inviter",
    "inviter_administrateur",
    "ouvrir_compte",
    "retirer_role",
]
