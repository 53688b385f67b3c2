"""Ce que montrent les pages de l'évaluation."""

from parchemin.evaluation.presenters.accueil import a_faire, quarantaines_a_faire
from parchemin.evaluation.presenters.cloture import CONDITIONS, PREFIXE_EXCEPTION, PageCloture, page_cloture
from parchemin.evaluation.presenters.conditions import conditions_du_resultat
from parchemin.evaluation.presenters.contreseing import PageContreseing, page_contreseing
from parchemin.evaluation.presenters.epreuve import PageEpreuve, SaisieRefusee, page_epreuve
from parchemin.evaluation.presenters.facon import MOT_DE_FACON, PageFacon, page_facon
from parchemin.evaluation.presenters.grille import Aides, PageGrille, page_grille
from parchemin.evaluation.presenters.journee import PageJournee, page_journee
from parchemin.evaluation.presenters.papier import (
    MOT_DE_SAISIE,
    PagePapier,
    differences_a_regler,
    page_papier,
    papiers_a_faire,
)
from parchemin.evaluation.presenters.questions import nom_de_question
from parchemin.evaluation.presenters.resultat import (
    CarteBloc,
    PageResultat,
    carte_acquise,
    carte_bloc,
    carte_en_attente,
    page_resultat,
    phrase_marge,
)
from parchemin.evaluation.presenters.second_regard import (
    PageSecondRegard,
    a_designer,
    a_rendre,
    balle_du_dossier,
    choix_tiers,
    page_second_regard,
    phrase_candidat,
    regards_par_bloc,
)
from parchemin.evaluation.presenters.suites import (
    PageSuites,
    choix_attendus,
    choix_remplacants,
    choix_suites,
    page_suites,
)

__all__ = [
    "CONDITIONS",
    "MOT_DE_FACON",
    "MOT_DE_SAISIE",
    "PREFIXE_EXCEPTION",
    "Aides",
    "CarteBloc",
    "PageCloture",
    "PageContreseing",
    "PageEpreuve",
    "PageFacon",
    "PageGrille",
    "PageJournee",
    "PagePapier",
    "PageResultat",
    "PageSecondRegard",
    "PageSuites",
    "SaisieRefusee",
    "a_designer",
    "a_faire",
    "a_rendre",
    "balle_du_dossier",
    "carte_acquise",
    "carte_bloc",
    "carte_en_attente",
    "choix_attendus",
    "choix_remplacants",
    "choix_suites",
    "choix_tiers",
    "conditions_du_resultat",
    "differences_a_regler",
    "nom_de_question",
    "page_cloture",
    "page_contreseing",
    "page_epreuve",
    "page_facon",
    "page_grille",
    "page_journee",
    "page_papier",
    "page_resultat",
    "page_second_regard",
    "page_suites",
    "papiers_a_faire",
    "phrase_candidat",
    "phrase_marge",
    "quarantaines_a_faire",
    "regards_par_bloc",
]
