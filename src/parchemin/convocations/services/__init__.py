"""Toutes les écritures : planifier, affecter, annuler ; déclarer, récuser, revoir une indépendance ; trancher un incident."""

from parchemin.convocations.services.epreuves import (
    affecter_evaluateurs,
    annuler_epreuve,
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

__all__ = [
    "AVANT_L_EPREUVE",
    "affecter_evaluateurs",
    "annuler_epreuve",
    "consigner_incident",
    "declarer",
    "declarer_second_regard",
    "passer_epreuve",
    "planifier_epreuve",
    "recuser",
    "remplacer_evaluateur",
    "replanifier_epreuve",
    "revoir",
    "signaler_incident",
    "trancher",
    "trancher_incident",
    "verifier_evaluateur",
    "verifier_independance",
    "verifier_jure",
    "verifier_jure_present",
    "verifier_second_regard",
    "verrouiller_epreuve",
]
