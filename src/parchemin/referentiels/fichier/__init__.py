"""Lire les fichiers de référentiel : purs objets, sans Django ni base de données.

Le fichier est lu en YAML restreint (`yaml_strict`) : textes, entiers, booléens, `null`, listes et objets. Une date y
est un texte ; une clé écrite deux fois est une faute ; un nombre à virgule n'existe pas. `parchemin verdict` passe par
ici à chaque démarrage : rien de lourd n'est importé avant d'être utile.
"""

from __future__ import annotations

from parchemin.referentiels.fichier.chargement import (
    FichierInvalide,
    FichierReferentiel,
    charger,
    charger_norme,
    problemes,
    problemes_de_partie,
    problemes_du_contenu,
)
from parchemin.referentiels.fichier.emplacement import PAR_DEFAUT, ReferentielInconnu, chemin_de, disponibles, dossier

__all__ = [
    "PAR_DEFAUT",
    "FichierInvalide",
    "FichierReferentiel",
    "ReferentielInconnu",
    "charger",
    "charger_norme",
    "chemin_de",
    "disponibles",
    "dossier",
    "problemes",
    "problemes_de_partie",
    "problemes_du_contenu",
]
