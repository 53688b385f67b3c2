"""Toutes les écritures de l'évaluation : recevoir des faits, sceller une lecture, s'accorder, établir le résultat, le relire."""

from parchemin.evaluation.services.abandons import abandonner_gestes
from parchemin.evaluation.services.accord import confirmer, se_prononcer
from parchemin.evaluation.services.blocs_acquis import suivre_un_bloc_acquis
from parchemin.evaluation.services.carences import denouer, relancer, relancer_si_due, remplacer, replanifier
from parchemin.evaluation.services.facon import phrase_propre, regler_sa_facon
from parchemin.evaluation.services.faits import annuler, poser, recevoir_faits
from parchemin.evaluation.services.lectures import clore_lecture, contresigner, verifier_ouverture
from parchemin.evaluation.services.papier import (
    abandonner_ressaisie,
    joindre_piece,
    ouvrir_ressaisie,
    regler_differences,
    saisir,
)
from parchemin.evaluation.services.quarantaine import regler_quarantaine
from parchemin.evaluation.services.reception import Reponse
from parchemin.evaluation.services.seconds_regards import (
    avancer_dossier,
    clore_sans_avis,
    declarer_avant_de_lire,
    designer_second_regard,
    rendre_avis,
    se_recuser,
)

__all__ = [
    "Reponse",
    "abandonner_gestes",
    "abandonner_ressaisie",
    "annuler",
    "avancer_dossier",
    "clore_lecture",
    "clore_sans_avis",
    "confirmer",
    "contresigner",
    "declarer_avant_de_lire",
    "denouer",
    "designer_second_regard",
    "joindre_piece",
    "ouvrir_ressaisie",
    "phrase_propre",
    "poser",
    "recevoir_faits",
    "regler_differences",
    "regler_quarantaine",
    "regler_sa_facon",
    "relancer",
    "relancer_si_due",
    "remplacer",
    "rendre_avis",
    "replanifier",
    "saisir",
    "se_prononcer",
    "se_recuser",
    "suivre_un_bloc_acquis",
    "verifier_ouverture",
]
