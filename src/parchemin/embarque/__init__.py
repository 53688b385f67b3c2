"""La base embarquée et les dossiers de données : du Python pur, sans Django."""
