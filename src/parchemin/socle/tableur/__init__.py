"""Lire et écrire des tableurs reçus de n'importe qui, sans danger : CSV et XLSX.

Le contenu juge du format, jamais l'extension. Rien n'est exécuté ni suivi : formules, macros, liens externes et objets
incorporés sont refusés. Les tailles sont bornées avant d'ouvrir quoi que ce soit : un classeur est une archive, et une
archive de quelques kilo-octets peut en cacher des giga. À l'écriture, une cellule que le tableur prendrait pour une formule
est précédée d'une apostrophe.

    tableau = lire(octets, colonnes={"nom": "Nom", "siret": "SIRET"}, obligatoires={"nom"})
    for ligne in tableau.lignes:
        ligne.numero, ligne["nom"], ligne.cellule("siret")      # 2, "Caisse…", "B2"

`formes` : les bornes, et ce que l'on rend ; `textes` : un CSV ; `archives` puis `classeurs` : un XLSX ; `lecture` : les
en-têtes et les cellules, d'où qu'ils viennent ; `ecriture`.
"""

from parchemin.socle.tableur.ecriture import ecrire, ecrire_csv, ecrire_xlsx, lignes_csv
from parchemin.socle.tableur.formes import (
    CELLULE_MAX,
    COLONNES_MAX,
    DECOMPRESSE_MAX,
    LIGNES_MAX,
    MEMBRES_MAX,
    RATIO_MAX,
    TAILLE_MAX,
    TYPE_CSV,
    TYPE_XLSX,
    VIDES_MAX,
    Ligne,
    Tableau,
    nom_de_fichier,
)
from parchemin.socle.tableur.lecture import entetes, lire

__all__ = [
    "CELLULE_MAX",
    "COLONNES_MAX",
    "DECOMPRESSE_MAX",
    "LIGNES_MAX",
    "MEMBRES_MAX",
    "RATIO_MAX",
    "TAILLE_MAX",
    "TYPE_CSV",
    "TYPE_XLSX",
    "VIDES_MAX",
    "Ligne",
    "Tableau",
    "ecrire",
    "ecrire_csv",
    "ecrire_xlsx",
    "entetes",
    "lignes_csv",
    "lire",
    "nom_de_fichier",
]
