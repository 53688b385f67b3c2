"""Les pages de l'évaluation."""

from parchemin.evaluation.views.epreuve import accord, clore, confirmer, contresigner, epreuve, quarantaine
from parchemin.evaluation.views.facon import facon
from parchemin.evaluation.views.grille import abandons, faits, grille
from parchemin.evaluation.views.hors_ligne import cle, coquille, journee
from parchemin.evaluation.views.papier import abandonner as abandonner_papier
from parchemin.evaluation.views.papier import joindre as joindre_papier
from parchemin.evaluation.views.papier import ouvrir as ouvrir_papier
from parchemin.evaluation.views.papier import papier, papier_pdf
from parchemin.evaluation.views.papier import piece as piece_papier
from parchemin.evaluation.views.papier import regler as regler_papier
from parchemin.evaluation.views.papier import saisir as saisir_papier
from parchemin.evaluation.views.resultat import lecture, releve, resultat
from parchemin.evaluation.views.second_regard import avis, declarer, designer, laisser, sans_avis, second_regard
from parchemin.evaluation.views.suites import suites

__all__ = [
    "abandonner_papier",
    "abandons",
    "accord",
    "avis",
    "cle",
    "clore",
    "confirmer",
    "contresigner",
    "coquille",
    "declarer",
    "designer",
    "epreuve",
    "facon",
    "faits",
    "grille",
    "joindre_papier",
    "journee",
    "laisser",
    "lecture",
    "ouvrir_papier",
    "papier",
    "papier_pdf",
    "piece_papier",
    "quarantaine",
    "regler_papier",
    "releve",
    "resultat",
    "saisir_papier",
    "sans_avis",
    "second_regard",
    "suites",
]
