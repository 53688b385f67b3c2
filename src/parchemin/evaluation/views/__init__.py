"""Les pages de l'évaluation."""

from parchemin.evaluation.views.epreuve import accord, clore, epreuve, quarantaine
from parchemin.evaluation.views.grille import abandons, faits, grille
from parchemin.evaluation.views.hors_ligne import cle, coquille, journee
from parchemin.evaluation.views.resultat import releve, resultat

__all__ = [
    "abandons",
    "accord",
    "cle",
    "clore",
    "coquille",
    "epreuve",
    "faits",
    "grille",
    "journee",
    "quarantaine",
    "releve",
    "resultat",
]
