"""Les pages du référentiel, composées : la liste, une version, son règlement, les aides d'un bloc."""

from parchemin.referentiels.presenters.aides import page_aides, saisie_des_aides
from parchemin.referentiels.presenters.commun import RangeeSeuil, intitule, url_version
from parchemin.referentiels.presenters.liste import page_liste
from parchemin.referentiels.presenters.recherche import Fragment
from parchemin.referentiels.presenters.reglement import MARQUES, page_reglement, valeur_reglage
from parchemin.referentiels.presenters.version import page_version

__all__ = [
    "MARQUES",
    "Fragment",
    "RangeeSeuil",
    "intitule",
    "page_aides",
    "page_liste",
    "page_reglement",
    "page_version",
    "saisie_des_aides",
    "url_version",
    "valeur_reglage",
]
