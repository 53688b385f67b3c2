"""Toutes les écritures : planifier, affecter, annuler ; déclarer, récuser, trancher, revoir une indépendance."""

from parchemin.convocations.services.epreuves import (
    affecter_evaluateurs,
    annuler_epreuve,
    passer_epreuve,
    planifier_epreuve,
    verrouiller_epreuve,
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
    verifier_second_regard,
)

__all__ = [
    "AVANT_L_EPREUVE",
    "affecter_evaluateurs",
    "annuler_epreuve",
    "declarer",
    "declarer_second_regard",
    "passer_epreuve",
    "planifier_epreuve",
    "recuser",
    "revoir",
    "trancher",
    "verifier_evaluateur",
    "verifier_independance",
    "verifier_second_regard",
    "verrouiller_epreuve",
]
