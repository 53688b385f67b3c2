"""Toutes les écritures : déposer, remettre, garder une nouvelle, composer le courriel du jour, régler, vider."""

from parchemin.courriels.services.depot import annuler, envoyer
from parchemin.courriels.services.effacement import vider_anciens
from parchemin.courriels.services.nouvelles import prevenir, regrouper
from parchemin.courriels.services.preferences import regler
from parchemin.courriels.services.remise import poster_envoi, reprendre
from parchemin.courriels.services.tournees import avancer_tournee

__all__ = [
    "annuler",
    "avancer_tournee",
    "envoyer",
    "poster_envoi",
    "prevenir",
    "regler",
    "regrouper",
    "reprendre",
    "vider_anciens",
]
