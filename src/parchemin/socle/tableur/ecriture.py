"""Écrire un tableur : tout est du texte, rien ne s'exécute."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from parchemin.socle.refus import Introuvable
from parchemin.socle.tableur.formes import TYPE_CSV, TYPE_XLSX, lettre_de

_FORMULE = re.compile(r"^\s*[=+\-@＝＋－＠\t\r\n]")
_NOMBRE = re.compile(r"^[+-]?\d+([.,]\d+)?$")


def lignes_csv(entetes: Sequence[str], lignes: Iterable[Sequence[object]]) -> Iterator[str]:
    """Un CSV que les tableurs français ouvrent sans question, ligne à ligne : marque d'UTF-8, point-virgule, CRLF."""
    for rang, ligne in enumerate(itertools.chain([entetes], lignes)):
        sortie = io.StringIO(newline="")
        csv.writer(sortie, delimiter=";", lineterminator="\r\n").writerow(map(_inerte, ligne))
        yield ("" if rang else "\N{BYTE ORDER MARK}") + sortie.getvalue()


def ecrire_csv(entetes: Sequence[str], lignes: Iterable[Sequence[object]]) -> bytes:
    """Le même CSV, en entier."""
    return "".join(lignes_csv(entetes, lignes)).encode()


def ecrire_xlsx(titre: str, entetes: Sequence[str], lignes: Iterable[Sequence[object]]) -> bytes:
    """Un classeur d'une feuille : tout est du texte, l'en-tête est en gras et ne défile pas."""
    from openpyxl import Workbook  # à l'usage : un serveur qui repart n'attend pas de quoi écrire un classeur
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font

    classeur = Workbook()
    feuille = classeur.create_sheet()
    classeur.remove(classeur.worksheets[0])
    feuille.title = re.sub(r"[\\/*?:\[\]]", " ", titre)[:31]
    largeurs = [len(entete) for entete in entetes]
    for rang, ligne in enumerate([entetes, *lignes], start=1):
        for colonne, valeur in enumerate(ligne, start=1):
            texte = ILLEGAL_CHARACTERS_RE.sub("", _inerte(valeur))
            cellule = feuille.cell(rang, colonne)
            cellule.value, cellule.data_type, cellule.number_format = texte, "s", "@"
            largeurs[colonne - 1] = max(largeurs[colonne - 1], min(len(texte), 60))
    for cellule in feuille[1]:
        cellule.font = Font(bold=True)
    for colonne, largeur in enumerate(largeurs, start=1):
        feuille.column_dimensions[lettre_de(colonne)].width = largeur + 2
    feuille.freeze_panes = "A2"
    sortie = io.BytesIO()
    classeur.save(sortie)
    return sortie.getvalue()


def _inerte(valeur: object) -> str:
    """Le texte d'une valeur, qu'aucun tableur ne prendra pour une formule."""
    texte = "" if valeur is None else f"{valeur:%d/%m/%Y}" if isinstance(valeur, date) else str(valeur)
    return f"'{texte}" if _FORMULE.match(texte) and not _NOMBRE.match(texte) else texte


def ecrire(forme: str, titre: str, entetes: Sequence[str], lignes: Iterable[Sequence[object]]) -> tuple[bytes, str]:
    """Un tableur dans la forme demandée, « csv » ou « xlsx », et son type. Lève `Introuvable` pour toute autre."""
    if forme == "csv":
        return ecrire_csv(entetes, lignes), TYPE_CSV
    if forme == "xlsx":
        return ecrire_xlsx(titre, entetes, lignes), TYPE_XLSX
    raise Introuvable
