"""Toutes les écritures de l'évaluation : recevoir des faits, sceller une lecture, s'accorder, établir le résultat."""

from parchemin.evaluation.services.abandons import abandonner_gestes
from parchemin.evaluation.services.accord import se_prononcer
from parchemin.evaluation.services.faits import annuler_dernier, poser, recevoir_faits
from parchemin.evaluation.services.lectures import clore_lecture, verifier_ouverture
from parchemin.evaluation.services.quarantaine import regler_quarantaine
from parchemin.evaluation.services.reception import Reponse

__all__ = [
    "Reponse",
    "abandonner_gestes",
    "annuler_dernier",
    "clore_lecture",
    "poser",
    "recevoir_faits",
    "regler_quarantaine",
    "se_prononcer",
    "verifier_ouverture",
]
