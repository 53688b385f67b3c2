"""Qui ouvre les pages de l'évaluation, et sinon pourquoi. Le droit sur une épreuve précise se lit dans `convocations`."""

from __future__ import annotations

from parchemin.comptes.enums import EVALUATEURS
from parchemin.comptes.permissions import derive
from parchemin.comptes.selectors import Droits
from parchemin.socle.refus import RefusDroit


def verifier_peut_voir_sa_journee(droits: Droits) -> None:
    """Ouvrir « Ma journée ». Lève `RefusDroit("journee_reservee")`."""
    if not any(droits.a(nature) for nature in EVALUATEURS):
        raise RefusDroit("journee_reservee", "Cette page est celle des évaluateurs : elle prépare leurs épreuves.")


peut_voir_sa_journee = derive(verifier_peut_voir_sa_journee)
