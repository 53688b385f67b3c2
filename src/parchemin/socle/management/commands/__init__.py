"""Une commande par module ; `parchemin gerer NOM` la lance."""
