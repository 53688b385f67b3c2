"""Ce que montrent l'accueil et le dossier : chaque capacité raconte sa part, le portail les met en ordre."""

from parchemin.portail.presenters.accueil import PageAccueil, page_accueil
from parchemin.portail.presenters.dossier import PageDossier, page_dossier

__all__ = ["PageAccueil", "PageDossier", "page_accueil", "page_dossier"]
