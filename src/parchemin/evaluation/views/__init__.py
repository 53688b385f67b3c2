"""Les pages de l'évaluation."""

from parchemin.evaluation.views.epreuve import accord, clore, epreuve
from parchemin.evaluation.views.grille import faits, grille
from parchemin.evaluation.views.resultat import releve, resultat

__all__ = ["accord", "clore", "epreuve", "faits", "grille", "releve", "resultat"]
