"""Toutes les écritures de la capacité. Chacune vérifie le droit de son auteur ; le système (`SYSTEME`) gère partout."""

from parchemin.comptes.services.acces import desactiver_compte, ouvrir_compte
from parchemin.comptes.services.avis import aviser, envoyer_lien_de_mot_de_passe, repondre_a_une_adresse_inconnue
from parchemin.comptes.services.commun import CHAINE, chaine_organisme
from parchemin.comptes.services.connexion import (
    VALIDITE_CHANGEMENT,
    annuler_nouveau_courriel,
    confirmer_nouveau_courriel,
    demander_nouveau_courriel,
)
from parchemin.comptes.services.delegations import deleguer, revoquer_delegation
from parchemin.comptes.services.en_nombre import (
    PersonneNouvelle,
    Place,
    accueillir_en_nombre,
    creer_en_nombre,
    refermer_en_nombre,
    tenir_en_nombre,
)
from parchemin.comptes.services.habilitations import (
    changer_etat,
    changer_portee,
    declarer_changement,
    donner_habilitation,
)
from parchemin.comptes.services.identite import delier_identite, permettre_identite, rattacher_identite
from parchemin.comptes.services.imports import purger_imports
from parchemin.comptes.services.imports_liens import abandonner_import_liens, confirmer_import_liens, lire_liens
from parchemin.comptes.services.imports_organismes import abandonner_import, confirmer_import, lire_organismes
from parchemin.comptes.services.invitations import (
    OCTETS_JETON,
    VALIDITE_INVITATION,
    InvitationEmise,
    accepter_invitation,
    annuler_invitation,
    inviter,
    inviter_administrateur,
    inviter_par_courriel,
)
from parchemin.comptes.services.liens import annuler_lien, clore_lien, corriger_lien, declarer_lien
from parchemin.comptes.services.organismes import (
    creer_organisme,
    fermer_organisme,
    modifier_organisme,
    rouvrir_organisme,
    verifier_organisme_ouvert,
)
from parchemin.comptes.services.personnes import accueillir_personne, creer_personne
from parchemin.comptes.services.registre import inscrire_au_registre, radier_du_registre
from parchemin.comptes.services.roles import donner_role, retirer_role
from parchemin.comptes.services.securite import (
    fermer_sessions,
    installer_code_temporel,
    noter_activite,
    noter_blocage,
    noter_mot_de_passe,
    noter_second_facteur,
    oublier_second_facteur,
)
from parchemin.comptes.services.vie import (
    changer_courriel_pro,
    changer_identite,
    changer_nom,
    fusionner,
    partir,
    revenir,
)

__all__ = [
    "CHAINE",
    "OCTETS_JETON",
    "VALIDITE_CHANGEMENT",
    "VALIDITE_INVITATION",
    "InvitationEmise",
    "PersonneNouvelle",
    "Place",
    "abandonner_import",
    "abandonner_import_liens",
    "accepter_invitation",
    "accueillir_en_nombre",
    "accueillir_personne",
    "annuler_invitation",
    "annuler_lien",
    "annuler_nouveau_courriel",
    "aviser",
    "chaine_organisme",
    "changer_courriel_pro",
    "changer_etat",
    "changer_identite",
    "changer_nom",
    "changer_portee",
    "clore_lien",
    "confirmer_import",
    "confirmer_import_liens",
    "confirmer_nouveau_courriel",
    "corriger_lien",
    "creer_en_nombre",
    "creer_organisme",
    "creer_personne",
    "declarer_changement",
    "declarer_lien",
    "deleguer",
    "delier_identite",
    "demander_nouveau_courriel",
    "desactiver_compte",
    "donner_habilitation",
    "donner_role",
    "envoyer_lien_de_mot_de_passe",
    "fermer_organisme",
    "fermer_sessions",
    "fusionner",
    "inscrire_au_registre",
    "installer_code_temporel",
    "inviter",
    "inviter_administrateur",
    "inviter_par_courriel",
    "lire_liens",
    "lire_organismes",
    "modifier_organisme",
    "noter_activite",
    "noter_blocage",
    "noter_mot_de_passe",
    "noter_second_facteur",
    "oublier_second_facteur",
    "ouvrir_compte",
    "partir",
    "permettre_identite",
    "purger_imports",
    "radier_du_registre",
    "rattacher_identite",
    "refermer_en_nombre",
    "repondre_a_une_adresse_inconnue",
    "retirer_role",
    "revenir",
    "revoquer_delegation",
    "rouvrir_organisme",
    "tenir_en_nombre",
    "verifier_organisme_ouvert",
]
