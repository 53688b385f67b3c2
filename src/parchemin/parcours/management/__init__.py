"""Les commandes des parcours."""
