"""Ouvrir un classeur XLSX : sa feuille visible, ses lignes, sans rien calculer."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from parchemin.socle.refus import Refus
from parchemin.socle.tableur.archives import verifier_archive
from parchemin.socle.tableur.formes import COLONNES_MAX, VIDES_MAX, Brut, lettre_de

_ABIME = (
    InvalidFileException, DefusedXmlException, ParseError, zipfile.BadZipFile, KeyError, ValueError, TypeError,
    AttributeError, IndexError, OverflowError, EOFError, OSError,
)  # fmt: skip
"""Ce que lève la bibliothèque devant un classeur mal formé : elle ne le dit pas d'une seule voix."""


def ouvrir_xlsx(octets: bytes) -> Brut:
    """Les refus viennent avec les lignes : `fichier_dangereux`, `fichier_illisible`, `fichier_inconnu`, `cellules_fausses`."""
    return Brut("xlsx", _lignes(octets))


def _lignes(octets: bytes) -> Iterator[tuple[int, list[str]]]:
    fusions = verifier_archive(octets)
    try:
        yield from _de_la_feuille(octets, fusions)
    except Refus:
        raise
    except _ABIME as erreur:
        raise Refus("fichier_illisible", "Ce classeur est abîmé : enregistrez-le à nouveau en .xlsx.") from erreur


def _de_la_feuille(octets: bytes, fusions: dict[str, list[str]]) -> Iterator[tuple[int, list[str]]]:
    classeur = load_workbook(io.BytesIO(octets), read_only=True, data_only=False, keep_links=False, keep_vba=False)
    feuille = _a_lire(classeur)
    if zones := fusions.get(feuille._worksheet_path):  # noqa: SLF001 (la bibliothèque ne dit pas autrement d'où elle lit)
        raise Refus(
            "cellules_fausses",
            "Des cellules de ce classeur sont fusionnées : on ne sait pas à quelle ligne est la valeur.",
            details=[f"{zone} : cellules fusionnées. Défusionnez-les, et remplissez chacune." for zone in zones],
        )
    feuille.reset_dimensions()  # la taille annoncée par le fichier n'engage que lui
    fautes: list[str] = []
    vides = 0
    for numero, cellules in enumerate(feuille.iter_rows(max_col=COLONNES_MAX + 1), start=1):
        valeurs = []
        for colonne, cellule in enumerate(cellules, start=1):
            if cellule.value is None:
                valeurs.append("")
                continue
            if cellule.data_type == "f":
                fautes.append(f"{lettre_de(colonne)}{numero} : une formule. Collez sa valeur.")
            elif cellule.data_type == "e":
                fautes.append(f"{lettre_de(colonne)}{numero} : une erreur de calcul ({cellule.value}).")
            valeurs.append(_valeur(cellule.value))
        valeurs = _sans_fin_vide(valeurs)
        vides = 0 if valeurs else vides + 1
        if vides > VIDES_MAX:
            raise Refus(
                "lignes_vides", f"Plus de {VIDES_MAX} lignes vides se suivent dans ce classeur : supprimez-les."
            )
        yield numero, valeurs
    if fautes:
        raise Refus(
            "fichier_dangereux", "Ce classeur contient des formules, que l'on ne calcule pas ici.", details=fautes
        )


def _a_lire(classeur: Any) -> Any:
    visibles = [feuille for feuille in classeur.worksheets if feuille.sheet_state == "visible"]
    if not visibles:
        raise Refus("fichier_illisible", "Aucune feuille de ce classeur n'est visible : affichez celle à lire.")
    if len(visibles) > 1:
        raise Refus("fichier_illisible", f"Ce classeur a {len(visibles)} feuilles visibles : n'en gardez qu'une.")
    return visibles[0]


def _sans_fin_vide(valeurs: list[str]) -> list[str]:
    """Un classeur rend des lignes aussi larges que son tableau : les cellules vides du bout ne sont pas des colonnes."""
    while valeurs and not valeurs[-1]:
        valeurs.pop()
    return valeurs


def _valeur(valeur: object) -> str:
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, datetime | date):
        return f"{valeur:%d/%m/}{valeur.year:04}"
    if isinstance(valeur, time | timedelta):
        return str(valeur)
    if isinstance(valeur, float) and valeur.is_integer():
        return str(int(valeur))
    return str(valeur)
