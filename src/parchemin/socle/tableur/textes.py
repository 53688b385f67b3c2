"""Ouvrir un CSV : son encodage, son séparateur, ses lignes."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator

from parchemin.socle.refus import Refus
from parchemin.socle.tableur.formes import Brut

_PDF = b"%PDF"
_SEPARATEURS = (";", ",", "\t", "|")
_DIT_SON_SEPARATEUR = re.compile(r"\A\ufeff?\"?sep=(?P<separateur>[;,\t|])\"?(?=\r|\n|\Z)", re.IGNORECASE)
"""La première ligne qu'Excel ajoute parfois, et qu'il ne montre pas."""
_D_UN_MAC = re.compile(r"[a-zß-öø-ÿ][ŽŠŸÏÕ]|[^\W\d_][‰™”•‡˜][^\W\d_]|[^\W\d_][ŸÏ][a-zß-öø-ÿ]|ˆ|ƒ[^\W\d_]")
"""Ce que devient, lu en cp1252, un accent écrit par un vieux Mac (MacRoman) : « AndrŽ », « ch‰teau », « ƒric ». « Žarko » n'en est pas."""


def ouvrir_csv(octets: bytes) -> Brut:
    """Lève `Refus` : `fichier_inconnu`, `encodage_inconnu` ; les lignes lèvent `fichier_illisible`."""
    texte, encodage = _texte(octets)
    separateur = _separateur(texte)
    dit = _DIT_SON_SEPARATEUR.match(texte)
    if dit:
        separateur = dit["separateur"]
        texte = texte[dit.end() :]  # la ligne reste, vide : les numéros sont ceux du fichier
    return Brut("csv", _lignes(texte, separateur), encodage, separateur)


def _texte(octets: bytes) -> tuple[str, str]:
    if octets.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # le « texte Unicode » d'Excel
        try:
            return _sans_nul(octets.decode("utf-16")), "utf-16"
        except UnicodeDecodeError as erreur:
            raise _illisible() from erreur
    if octets.startswith(_PDF) or b"\x00" in octets:
        raise _inconnu()
    try:
        return octets.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        pass
    try:  # une marque d'UTF-8 devant autre chose : elle ment
        texte = octets.removeprefix(codecs.BOM_UTF8).decode("cp1252")
    except UnicodeDecodeError as erreur:
        raise _illisible() from erreur
    if any(signe < " " and signe not in "\r\n\t" for signe in texte):
        raise _inconnu()
    if _D_UN_MAC.search(texte):
        raise _illisible()
    return texte, "cp1252"


def _sans_nul(texte: str) -> str:
    if "\x00" in texte:
        raise _inconnu()
    return texte


def _inconnu() -> Refus:
    return Refus("fichier_inconnu", "Ce fichier n'est ni un CSV ni un classeur .xlsx.")


def _illisible() -> Refus:
    return Refus("encodage_inconnu", "Les accents de ce fichier ne se lisent pas : enregistrez-le en « CSV UTF-8 ».")


def _separateur(texte: str) -> str:
    """Le séparateur qui découpe le plus l'en-tête, hors guillemets ; le point-virgule à défaut."""
    premiere = next((ligne for ligne in texte.splitlines() if ligne.strip()), "")
    hors_guillemets = re.sub(r'"[^"]*"', "", premiere)
    comptes = {separateur: hors_guillemets.count(separateur) for separateur in _SEPARATEURS}
    return max(_SEPARATEURS, key=lambda separateur: comptes[separateur])


def _lignes(texte: str, separateur: str) -> Iterator[tuple[int, list[str]]]:
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=separateur, strict=True)
    numero = 0
    try:
        for numero, valeurs in enumerate(lecteur, start=1):
            yield numero, valeurs
    except csv.Error as erreur:
        raise Refus(
            "fichier_illisible",
            f"La ligne {numero + 1} ne se lit pas : un guillemet ouvert n'est pas refermé, ou un champ est trop long.",
        ) from erreur
