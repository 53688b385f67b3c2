"""Toutes les écritures de l'évaluation : recevoir des faits, sceller une lecture, s'accorder, établir le résultat."""

from parchemin.evaluation.services.abandons import abandonner_gestes
from parchemin.evaluation.services.accord import se_prononcer
from parchemin.evaluation.services.faits import Reponse, annuler_dernier, poser, recevoir_faits
from parchemin.evaluation.services.lectures import clore_lecture, verifier_ouverture

__all__ = [
    "Reponse",
    "abandonner_gestes",
    "annuler_dernier",
    "clore_lecture",
    "poser",
    "recevoir_faits",
    "se_prononcer",
    "verifier_ouverture",
]
