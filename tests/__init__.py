"""Ce qui n'appartient à aucune pièce : la base de test, les gardes, le navigateur, le dépôt."""
