"""Ce que montrent les pages des convocations."""

from parchemin.convocations.presenters.a_faire import a_faire, a_repondre, refus_a_suivre
from parchemin.convocations.presenters.agendas import PageAgenda, agendas_des_evaluateurs, lien_d_agenda, page_agenda
from parchemin.convocations.presenters.candidats_prets import choix_des_candidats, delais_en_clair
from parchemin.convocations.presenters.convocations import (
    RETIREE,
    page_convocations,
    page_presence,
    page_reponse,
    un_delai_est_passe,
)
from parchemin.convocations.presenters.evaluateurs import (
    PERSONNE_DU_TOUT,
    PERSONNE_N_EST_ADMISSIBLE,
    PERSONNE_NE_REPOND,
    SE_LIT_D_UN_COUP_D_OEIL,
    Ecartes,
    ecartes,
    pourquoi_ecarte,
    propositions_evaluateurs,
    sans_personne,
)
from parchemin.convocations.presenters.export_suivi import ENTETES_SUIVI, lignes_du_suivi
from parchemin.convocations.presenters.incidents import (
    MOT_DE_SUITE,
    LigneIncident,
    PartIncidents,
    choix_de_suite,
    incidents_au_jury,
    lignes_incidents,
    part_incidents,
)
from parchemin.convocations.presenters.independance import phrases_a_verifier, phrases_au_jury
from parchemin.convocations.presenters.lieux import (
    PageSite,
    PageSites,
    choix_de_sites,
    page_site,
    page_sites,
    salle_initiale,
    site_initial,
)
from parchemin.convocations.presenters.liste import PageListe, liens_de_la_liste, page_liste, statut
from parchemin.convocations.presenters.places import conflits_presents, place_actuelle
from parchemin.convocations.presenters.plans import (
    PageDePlan,
    adresse_de_semaine,
    ancre,
    intitule,
    issue,
    jour_du_placement,
    page_de_plan,
    phrase,
    zone_de,
)
from parchemin.convocations.presenters.semaine import PageSemaine, page_semaine
from parchemin.convocations.presenters.suivi import PageSuivi, page_suivi

__all__ = [
    "ENTETES_SUIVI",
    "MOT_DE_SUITE",
    "PERSONNE_DU_TOUT",
    "PERSONNE_NE_REPOND",
    "PERSONNE_N_EST_ADMISSIBLE",
    "RETIREE",
    "SE_LIT_D_UN_COUP_D_OEIL",
    "Ecartes",
    "LigneIncident",
    "PageAgenda",
    "PageDePlan",
    "PageListe",
    "PageSemaine",
    "PageSite",
    "PageSites",
    "PageSuivi",
    "PartIncidents",
    "a_faire",
    "a_repondre",
    "adresse_de_semaine",
    "agendas_des_evaluateurs",
    "ancre",
    "choix_de_sites",
    "choix_de_suite",
    "choix_des_candidats",
    "conflits_presents",
    "delais_en_clair",
    "ecartes",
    "incidents_au_jury",
    "intitule",
    "issue",
    "jour_du_placement",
    "lien_d_agenda",
    "liens_de_la_liste",
    "lignes_du_suivi",
    "lignes_incidents",
    "page_agenda",
    "page_convocations",
    "page_de_plan",
    "page_liste",
    "page_presence",
    "page_reponse",
    "page_semaine",
    "page_site",
    "page_sites",
    "page_suivi",
    "part_incidents",
    "phrase",
    "phrases_a_verifier",
    "phrases_au_jury",
    "place_actuelle",
    "pourquoi_ecarte",
    "propositions_evaluateurs",
    "refus_a_suivre",
    "salle_initiale",
    "sans_personne",
    "site_initial",
    "statut",
    "un_delai_est_passe",
    "zone_de",
]
