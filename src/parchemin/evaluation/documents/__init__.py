"""Les documents de l'évaluation : le relevé de calcul, ce qui vérifie une lecture, la grille papier et le code de ses pages."""

from parchemin.evaluation.documents.codes import CodePage, code_court, code_long, lire_code, verifier_pages
from parchemin.evaluation.documents.lecture import fichier_de_lecture
from parchemin.evaluation.documents.papier import codes_de_la_grille, grille_papier
from parchemin.evaluation.documents.releve import releve

__all__ = [
    "CodePage",
    "code_court",
    "code_long",
    "codes_de_la_grille",
    "fichier_de_lecture",
    "grille_papier",
    "lire_code",
    "releve",
    "verifier_pages",
]
