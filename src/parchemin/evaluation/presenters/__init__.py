"""Ce que montrent les pages de l'évaluation."""

from parchemin.evaluation.presenters.accueil import a_faire
from parchemin.evaluation.presenters.epreuve import PageCloture, PageEpreuve, page_cloture, page_epreuve
from parchemin.evaluation.presenters.grille import PageGrille, page_grille
from parchemin.evaluation.presenters.journee import PageJournee, page_journee
from parchemin.evaluation.presenters.resultat import (
    CarteBloc,
    PageResultat,
    carte_bloc,
    carte_en_attente,
    page_resultat,
    phrase_marge,
)

__all__ = [
    "CarteBloc",
    "PageCloture",
    "PageEpreuve",
    "PageGrille",
    "PageJournee",
    "PageResultat",
    "a_faire",
    "carte_bloc",
    "carte_en_attente",
    "page_cloture",
    "page_epreuve",
    "page_grille",
    "page_journee",
    "page_resultat",
    "phrase_marge",
]
