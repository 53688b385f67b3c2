"""Les pages de l'évaluation."""

from parchemin.evaluation.views.epreuve import accord, clore, confirmer, epreuve, quarantaine
from parchemin.evaluation.views.grille import abandons, faits, grille
from parchemin.evaluation.views.hors_ligne import cle, coquille, journee
from parchemin.evaluation.views.resultat import releve, resultat
from parchemin.evaluation.views.second_regard import avis, declarer, designer, laisser, sans_avis, second_regard

__all__ = [
    "abandons",
    "accord",
    "avis",
    "cle",
    "clore",
    "confirmer",
    "coquille",
    "declarer",
    "designer",
    "epreuve",
    "faits",
    "grille",
    "journee",
    "laisser",
    "quarantaine",
    "releve",
    "resultat",
    "sans_avis",
    "second_regard",
]
