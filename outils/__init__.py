"""Les vérifications de la maison."""
