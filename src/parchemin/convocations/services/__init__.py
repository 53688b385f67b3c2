"""Toutes les écritures : planifier, déplacer, affecter, annuler ; déclarer, récuser, revoir une indépendance ; trancher un incident ;
tenir les lieux et les agendas.
"""

from parchemin.convocations.services.agendas import ajouter_exception, oter_exception, revoir_agenda
from parchemin.convocations.services.epreuves import (
    affecter_evaluateurs,
    annuler_epreuve,
    deplacer_epreuve,
    passer_epreuve,
    planifier_epreuve,
    remplacer_evaluateur,
    verrouiller_epreuve,
)
from parchemin.convocations.services.incidents import (
    consigner_incident,
    replanifier_epreuve,
    signaler_incident,
    trancher_incident,
)
from parchemin.convocations.services.independance import (
    AVANT_L_EPREUVE,
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

__all__ = [
    "AVANT_L_EPREUVE",
    "FicheSite",
    "affecter_evaluateurs",
    "ajouter_exception",
    "ajouter_salle",
    "annuler_epreuve",
    "consigner_incident",
    "creer_site",
    "declarer",
    "declarer_second_regard",
    "deplacer_epreuve",
    "dire_trajet",
    "fermer_site",
    "modifier_salle",
    "modifier_site",
    "oter_exception",
    "passer_epreuve",
    "planifier_epreuve",
    "recuser",
    "remplacer_evaluateur",
    "replanifier_epreuve",
    "revoir",
    "revoir_agenda",
    "signaler_incident",
    "suivre_la_fusion",
    "trancher",
    "trancher_incident",
    "verifier_evaluateur",
    "verifier_independance",
    "verifier_jure",
    "verifier_jure_present",
    "verifier_second_regard",
    "verrouiller_epreuve",
    "verrouiller_ressources",
]
