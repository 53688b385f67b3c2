"""Ce que montrent l'accueil, le dossier et le journal : chaque capacité raconte sa part, le portail les met en ordre."""

from parchemin.portail.presenters.accueil import PageAccueil, page_accueil
from parchemin.portail.presenters.dossier import PageDossier, page_dossier

__all__ = ["PageAccueil", "PageDossier", "page_accueil", "page_dossier"]
