"""L'accueil « À faire » : un fichier par rôle dit ce qui l'attend ; `page` les réunit, le plus urgent d'abord."""

from parchemin.portail.presenters.accueil.page import PageAccueil, page_accueil

__all__ = ["PageAccueil", "page_accueil"]
