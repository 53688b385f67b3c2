"""L'accueil, le dossier, le journal, les courriels : chaque capacité raconte sa part, le portail les met en ordre."""

from parchemin.portail.presenters.accueil import PageAccueil, page_accueil
from parchemin.portail.presenters.courriel_du_jour import CourrielDuJour, courriel_du_jour
from parchemin.portail.presenters.dossier import PageDossier, page_dossier
from parchemin.portail.presenters.mes_courriels import PageMesCourriels, page_mes_courriels

__all__ = [
    "CourrielDuJour",
    "PageAccueil",
    "PageDossier",
    "PageMesCourriels",
    "courriel_du_jour",
    "page_accueil",
    "page_dossier",
    "page_mes_courriels",
]
