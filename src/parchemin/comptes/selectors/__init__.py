"""Toutes les lectures : les droits d'un acteur, les personnes et les organismes qu'un lecteur peut voir.

Les fonctions internes à la capacité (`_…`) prennent un identifiant ; les autres prennent d'abord le lecteur.
"""

from parchemin.comptes.selectors.a_suivre import (
    InvitationSansSuite,
    OrganismeSansGestionnaire,
    invitations_sans_suite,
    organismes_sans_gestionnaire,
)
from parchemin.comptes.selectors.adresses import adresses, comptes_ouverts
from parchemin.comptes.selectors.fiches_organismes import hors_ligne_permis, organismes
from parchemin.comptes.selectors.fiches_personnes import (
    VuePersonne,
    VueRole,
    courriel_de_connexion,
    personne,
    personnes,
    vue_personne,
)
from parchemin.comptes.selectors.habilitations import (
    Changement,
    VueHabilitation,
    VueLigne,
    changements_a_declarer,
    habilite,
    habilites,
    registre_habilitations,
    une_habilitation,
)
from parchemin.comptes.selectors.invitations import (
    InvitationEnCours,
    InvitationOuverte,
    empreinte_jeton,
    invitation_en_cours,
    invitation_ouverte,
)
from parchemin.comptes.selectors.liens import (
    VueLien,
    histoire_du_lien,
    liens_a_la_date,
    liens_de,
    personnes_a_lier,
    rattachements,
)
from parchemin.comptes.selectors.nommer import nom, noms, noms_organismes, personnes_trouvees, tenants_du_role
from parchemin.comptes.selectors.portees import (
    AUCUN_DROIT,
    Droits,
    Portee,
    administrateur_existe,
    droits,
    organismes_du_role,
    roles_en_cours,
    roles_ouverts,
)
from parchemin.comptes.selectors.reperes import homonymes, identifiants_de, reperes
from parchemin.comptes.selectors.securite import VueCle, VueFacteurs, VueSession, facteurs, sessions_ouvertes

__all__ = [
    "AUCUN_DROIT",
    "Changement",
    "Droits",
    "InvitationEnCours",
    "InvitationOuverte",
    "InvitationSansSuite",
    "OrganismeSansGestionnaire",
    "Portee",
    "VueCle",
    "VueFacteurs",
    "VueHabilitation",
    "VueLien",
    "VueLigne",
    "VuePersonne",
    "VueRole",
    "VueSession",
    "administrateur_existe",
    "adresses",
    "changements_a_declarer",
    "comptes_ouverts",
    "courriel_de_connexion",
    "droits",
    "empreinte_jeton",
    "facteurs",
    "habilite",
    "habilites",
    "histoire_du_lien",
    "homonymes",
    "hors_ligne_permis",
    "identifiants_de",
    "invitation_en_cours",
    "invitation_ouverte",
    "invitations_sans_suite",
    "liens_a_la_date",
    "liens_de",
    "nom",
    "noms",
    "noms_organismes",
    "organismes",
    "organismes_du_role",
    "organismes_sans_gestionnaire",
    "personne",
    "personnes",
    "personnes_a_lier",
    "personnes_trouvees",
    "rattachements",
    "registre_habilitations",
    "reperes",
    "roles_en_cours",
    "roles_ouverts",
    "sessions_ouvertes",
    "tenants_du_role",
    "une_habilitation",
    "vue_personne",
]
