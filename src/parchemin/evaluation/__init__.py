"""La grille, les deux lectures scellées, le résultat accordé."""
