"""Toutes les écritures : planifier, déplacer, affecter, annuler ; déclarer, récuser, revoir une indépendance ; trancher un incident ;
tenir les lieux et les agendas ; convoquer, répondre, signer ; préparer un plan.
"""

from parchemin.convocations.services.agendas import ajouter_exception, oter_exception, revoir_agenda
from parchemin.convocations.services.blocs_acquis import (
    annuler_pour_un_bloc_acquis,
)
from parchemin.convocations.services.calendriers import fermer_calendrier, ouvrir_calendrier
from parchemin.convocations.services.clotures import clore_avec_le_dossier
from parchemin.convocations.services.convocations import convoquer
from parchemin.convocations.services.epreuves import (
    affecter_evaluateurs,
    deplacer_epreuve,
    planifier_epreuve,
    remplacer_evaluateur,
)
from parchemin.convocations.services.incidents import (
    consigner_incident,
    replanifier_epreuve,
    signaler_incident,
    trancher_incident,
)
from parchemin.convocations.services.independance import (
    declarer,
    declarer_second_regard,
    recuser,
    revoir,
    trancher,
    verifier_evaluateur,
    verifier_independance,
    verifier_jure,
    verifier_jure_present,
    verifier_second_regard,
)
from parchemin.convocations.services.jour import (
    constater_presence,
    controler_identite,
    signer_sa_presence,
)
from parchemin.convocations.services.lieux import (
    FicheSite,
    ajouter_salle,
    creer_site,
    dire_trajet,
    fermer_site,
    modifier_salle,
    modifier_site,
)
from parchemin.convocations.services.occupations import suivre_la_fusion, verrouiller_ressources
from parchemin.convocations.services.passages import (
    annuler_epreuve,
    commencer_epreuve,
    passer_epreuve,
    verrouiller_epreuve,
    verrouiller_son_epreuve,
)
from parchemin.convocations.services.plans import (
    Voulue,
    adopter_plan,
    arreter_la_recherche,
    calculer_plan,
    demander_adoption,
    demander_plan,
    deplacer_dans_le_plan,
)
from parchemin.convocations.services.reponses import repondre
from parchemin.convocations.services.suites import renvoyer_convocation, suivre_les_convocations

__all__ = [
    "FicheSite",
    "Voulue",
    "adopter_plan",
    "affecter_evaluateurs",
    "ajouter_exception",
    "ajouter_salle",
    "annuler_epreuve",
    "annuler_pour_un_bloc_acquis",
    "arreter_la_recherche",
    "calculer_plan",
    "clore_avec_le_dossier",
    "commencer_epreuve",
    "consigner_incident",
    "constater_presence",
    "controler_identite",
    "convoquer",
    "creer_site",
    "declarer",
    "declarer_second_regard",
    "demander_adoption",
    "demander_plan",
    "deplacer_dans_le_plan",
    "deplacer_epreuve",
    "dire_trajet",
    "fermer_calendrier",
    "fermer_site",
    "modifier_salle",
    "modifier_site",
    "oter_exception",
    "ouvrir_calendrier",
    "passer_epreuve",
    "planifier_epreuve",
    "recuser",
    "remplacer_evaluateur",
    "renvoyer_convocation",
    "replanifier_epreuve",
    "repondre",
    "revoir",
    "revoir_agenda",
    "signaler_incident",
    "signer_sa_presence",
    "suivre_la_fusion",
    "suivre_les_convocations",
    "trancher",
    "trancher_incident",
    "verifier_evaluateur",
    "verifier_independance",
    "verifier_jure",
    "verifier_jure_present",
    "verifier_second_regard",
    "verrouiller_epreuve",
    "verrouiller_ressources",
    "verrouiller_son_epreuve",
]
