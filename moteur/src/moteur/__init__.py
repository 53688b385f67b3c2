"""Le moteur de Parchemin : règles pures, sans dépendance."""
