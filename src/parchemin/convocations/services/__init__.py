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
    recuser,
    revoir,
    trancher,
    verifier_evaluateur,
    verifier_independance,
)

__all__ = [
    "AVANT_L_EPREUVE",
    "affecter_evaluateurs",
    "annuler_epreuve",
    "declarer",
    "passer_epreuve",
    "planifier_epreuve",
    "recuser",
    "revoir",
    "trancher",
    "verifier_evaluateur",
    "verifier_independance",
    "verrouiller_epreuve",
]
