"""Les bornes d'un fichier reçu, ce que l'on en rend, et comment on lit le texte d'une cellule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

TAILLE_MAX = 5 * 1024 * 1024
DECOMPRESSE_MAX = 40 * 1024 * 1024
RATIO_MAX = 150
MEMBRES_MAX = 200
LIGNES_MAX = 5_000
COLONNES_MAX = 60
CELLULE_MAX = 2_000
VIDES_MAX = 2_000
"""Lignes vides à la suite, dans un classeur : au-delà, une cellule oubliée tout en bas ferait parcourir un million de lignes."""
NOM_MAX = 160

TYPE_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPE_CSV = "text/csv; charset=utf-8"

_SANS_LARGEUR = dict.fromkeys(
    map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")
)
"""Ce qui ne se voit pas et change tout : une adresse collée d'une page, un nom qui s'affiche à l'envers."""
_ESPACES = dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\u3000"), " ")


@dataclass(frozen=True, slots=True)
class Ligne:
    """Une ligne de données : son numéro dans le fichier (l'en-tête est la ligne 1), ses valeurs par nom de colonne."""

    numero: int
    valeurs: Mapping[str, str]
    places: Mapping[str, str]

    def __getitem__(self, colonne: str) -> str:
        return self.valeurs.get(colonne, "")

    def cellule(self, colonne: str) -> str:
        """L'adresse de la cellule, comme le tableur la montre : « B7 » ; « ligne 7 » si le fichier n'a pas la colonne."""
        lettre = self.places.get(colonne)
        return f"{lettre}{self.numero}" if lettre else f"ligne {self.numero}"


@dataclass(frozen=True, slots=True)
class Tableau:
    """Un tableau lu. `encodage` et `separateur` sont vides pour un classeur."""

    format: str
    lignes: tuple[Ligne, ...]
    colonnes: tuple[str, ...]
    encodage: str = ""
    separateur: str = ""


@dataclass(frozen=True, slots=True)
class Brut:
    """Un fichier ouvert : ses lignes numérotées, telles qu'écrites."""

    format: str
    lignes: Iterator[tuple[int, list[str]]]
    encodage: str = ""
    separateur: str = ""


def lettre_de(rang: int) -> str:
    """Le nom d'une colonne, comme le tableur le montre : 1 → « A », 27 → « AA »."""
    lettres = ""
    while rang > 0:
        rang, reste = divmod(rang - 1, 26)
        lettres = chr(ord("A") + reste) + lettres
    return lettres


def en_texte(valeur: str) -> str:
    """Le texte d'une cellule tel qu'on le voit : sans signe invisible, les espaces insécables devenues des espaces, sans bords."""
    if valeur.isascii():
        return valeur.strip()
    return valeur.translate(_SANS_LARGEUR).translate(_ESPACES).strip()


def nom_de_fichier(nom: str) -> str:
    """Le nom d'un fichier reçu, tel qu'on peut le montrer : sans dossier, ni signe invisible, et d'une longueur bornée."""
    dernier = nom.replace("\\", "/").rpartition("/")[2]
    lisible = "".join(signe if signe.isprintable() else " " for signe in dernier)
    return " ".join(lisible.split())[:NOM_MAX] or "sans nom"
