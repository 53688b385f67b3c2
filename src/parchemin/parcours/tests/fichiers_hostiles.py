"""Des fichiers de candidats comme il en arrive : sales, hostiles ou menteurs. Tous faits ici ; aucun n'est copié d'ailleurs.

`REFUSES` : le code du refus, et ce que la page dit. `ADMIS` : ils se lisent, et donnent ce qu'ils disent.
"""

from __future__ import annotations

import codecs
import csv
import io
import struct
import zipfile
from collections.abc import Callable
from datetime import date

from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from parchemin.parcours.selectors import COLONNES
from parchemin.socle import tableur

BON = {
    "courriel": "camille@caisse.example", "nom_naissance": "Martin", "prenom1": "Camille", "sexe": "F",
    "naissance": "03/05/1991", "organisme": "Caisse du fichier", "voie": "Formation continue", "initiative": "L'employeur",
    "entree_le": "12/01/2026",
}  # fmt: skip
XML = '<?xml version="1.0"?>'


def texte(*lignes: dict[str, str], separateur: str = ";", fin: str = "\r\n") -> str:
    """Un CSV au modèle."""
    sortie = io.StringIO(newline="")
    ecrivain = csv.DictWriter(sortie, list(COLONNES), delimiter=separateur, lineterminator=fin)
    ecrivain.writerow(dict(COLONNES))
    ecrivain.writerows(lignes)
    return sortie.getvalue()


def bon(**autres: str) -> bytes:
    return texte(BON | autres).encode()


def livre(*lignes: dict[str, object], apprete: Callable[[Workbook], None] = lambda _: None) -> bytes:
    """Un classeur au modèle ; `apprete` y met ce qu'il faut de travers."""
    classeur = Workbook()
    classeur.active.append(list(COLONNES.values()))
    for ligne in lignes:
        classeur.active.append([ligne.get(code) for code in COLONNES])
    apprete(classeur)
    sortie = io.BytesIO()
    classeur.save(sortie)
    return sortie.getvalue()


def repaquete(
    octets: bytes,
    *,
    ajouts: dict[str, bytes] | None = None,
    remplace: dict[str, Callable[[bytes], bytes]] | None = None,
) -> bytes:
    """Le même classeur, des membres ajoutés ou récrits."""
    sortie = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(octets)) as avant, zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as apres:
        for membre in avant.infolist():
            apres.writestr(membre.filename, (remplace or {}).get(membre.filename, bytes)(avant.read(membre)))
        for nom, contenu in (ajouts or {}).items():
            apres.writestr(nom, contenu)
    return sortie.getvalue()


def zip_de(membres: dict[str, bytes]) -> bytes:
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, contenu in membres.items():
            archive.writestr(nom, contenu)
    return sortie.getvalue()


def feuille(change: Callable[[bytes], bytes]) -> bytes:
    return repaquete(livre(BON), remplace={"xl/worksheets/sheet1.xml": change})


def _cellule(place: str, valeur: object) -> Callable[[Workbook], None]:
    def poser(classeur: Workbook) -> None:
        classeur.active[place] = valeur

    return poser


def _fusionne(classeur: Workbook) -> None:
    classeur.active.merge_cells("M2:M3")


def _deux_feuilles(classeur: Workbook) -> None:
    classeur.create_sheet("Feuil2").append(["Autre chose"])


def _feuille_cachee(classeur: Workbook) -> None:
    cachee = classeur.create_sheet("Notes")
    cachee.append(["=1+1", "ne se lit pas"])
    cachee.merge_cells("A1:B1")
    cachee.sheet_state = "hidden"


def _date(place: str, valeur: object, forme: str = "dd/mm/yyyy") -> Callable[[Workbook], None]:
    def poser(classeur: Workbook) -> None:
        classeur.active[place] = valeur
        classeur.active[place].number_format = forme

    return poser


def _de_1904(classeur: Workbook) -> None:
    classeur.epoch = CALENDAR_MAC_1904
    _date("H2", date(1991, 5, 3))(classeur)


def _hyperlien(classeur: Workbook) -> None:
    classeur.active["A2"].hyperlink = "mailto:camille@caisse.example"


def _bombe() -> bytes:
    return repaquete(livre(BON), ajouts={"xl/media/image1.bin": b"\0" * (3 * 1024 * 1024)})


def _taille_menteuse() -> bytes:
    """Une archive dont le sommaire annonce une petite feuille, et qui en déplie une autre."""
    octets = bytearray(feuille(lambda brut: brut + b" " * 200_000))
    place = octets.rfind(b"PK\x01\x02")
    while place >= 0 and b"sheet1.xml" not in octets[place : place + 90]:
        place = octets.rfind(b"PK\x01\x02", 0, place)
    octets[place + 24 : place + 28] = struct.pack("<I", 10)
    return bytes(octets)


_MACROS = (
    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
)
_ENTITE = XML.encode() + b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><worksheet>&b;</worksheet>'
_RIRES = XML.encode() + b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]><worksheet>&c;</worksheet>'

REFUSES: dict[str, tuple[bytes, str, str]] = {
    # Ce que c'est
    "vide": (b"", "fichier_vide", "vide"),
    "blancs": (b" \r\n\t\r\n", "fichier_vide", "Ce fichier est vide"),
    "feuille vide": (livre(apprete=lambda c: c.active.delete_rows(1)), "fichier_vide", "Ce fichier est vide"),
    "sans ligne": (texte().encode(), "import_vide", "mais aucune ligne"),
    "ancien classeur": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "fichier_inconnu", "ancien classeur (.xls)"),
    "image nommée csv": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "fichier_inconnu", "ni un CSV ni un classeur"),
    "pdf nommé xlsx": (b"%PDF-1.7\n%\xe2\xe3\n1 0 obj", "fichier_inconnu", "ni un CSV ni un classeur"),
    "classeur d'un autre logiciel": (
        zip_de({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "fichier_inconnu", "n'est pas un classeur .xlsx",
    ),
    "classeur coupé": (livre(BON)[:-300], "fichier_illisible", "abîmé"),
    "nul dans un csv": (bon(nom_usage="Mar\0tin"), "fichier_inconnu", "ni un CSV ni un classeur"),
    "utf-16 sans marque": (texte(BON).encode("utf-16-le"), "fichier_inconnu", "ni un CSV ni un classeur"),
    "utf-16 coupé": (codecs.BOM_UTF16_LE + texte(BON).encode("utf-16-le")[:-1], "encodage_inconnu", "CSV UTF-8"),
    "accents perdus": (bon() + b"\x81\x8d", "encodage_inconnu", "CSV UTF-8"),
    # Sa taille
    "dix mille colonnes": (";".join(f"c{rang}" for rang in range(10_000)).encode(), "colonnes_fausses", "plus de 60 colonnes"),
    "dix mille colonnes en classeur": (
        livre(apprete=lambda c: c.active.append(["x"] * 10_000) or c.active.delete_rows(1)), "colonnes_fausses", "plus de 60 colonnes",
    ),
    "trop de lignes": (texte(*[BON] * 5_001).encode(), "trop_de_lignes", "plus de 5000 lignes"),
    "une cellule tout en bas": (livre(BON, apprete=_cellule("A1048576", "x")), "lignes_vides", "lignes vides se suivent"),
    "une cellule démesurée": (bon(nom_usage="x" * 2_001), "cellules_fausses", "C2 : plus de 2000 signes"),
    "trop lourd": (bon() + b";" * tableur.TAILLE_MAX, "fichier_trop_gros", "dépasse 5 Mo"),
    "bombe": (_bombe(), "fichier_dangereux", "démesuré"),
    "taille menteuse": (_taille_menteuse(), "fichier_illisible", "abîmé"),
    # Ce qui agirait
    "formule en csv": (bon(nom_usage="=1+1"), "cellules_fausses", "C2 : une formule"),
    "commande en csv": (bon(prenom2="=cmd|' /C calc'!A0"), "cellules_fausses", "E2 : une formule"),
    "formule en classeur": (livre(BON | {"nom_usage": "=1+1"}), "fichier_dangereux", "C2 : une formule"),
    "erreur de calcul": (
        feuille(lambda b: b.replace(b"</row></sheetData>", b'<c r="U2" t="e"><v>#REF!</v></c></row></sheetData>')),
        "fichier_dangereux",
        "U2 : une erreur de calcul",
    ),
    "macros renommées": (
        repaquete(livre(BON), remplace={"[Content_Types].xml": lambda b: b.replace(*_MACROS)}), "fichier_dangereux", "macros",
    ),
    "projet de macros": (repaquete(livre(BON), ajouts={"xl/vbaProject.bin": b"x"}), "fichier_dangereux", "macros"),
    "entité externe": (feuille(lambda _: _ENTITE), "fichier_dangereux", "entités XML"),
    "entités qui se multiplient": (feuille(lambda _: _RIRES), "fichier_dangereux", "entités XML"),
    "xml inachevé": (feuille(lambda brut: brut[: len(brut) // 2]), "fichier_illisible", "abîmé"),
    # Ses cellules
    "cellules fusionnées": (livre(BON, BON, apprete=_fusionne), "cellules_fausses", "M2:M3 : cellules fusionnées"),
    "tout masqué": (
        repaquete(livre(BON), remplace={"xl/workbook.xml": lambda b: b.replace(b'state="visible"', b'state="hidden"')}),
        "fichier_illisible", "n'est visible",
    ),
    "deux feuilles": (livre(BON, apprete=_deux_feuilles), "fichier_illisible", "2 feuilles visibles"),
    "guillemet ouvert": (bon() + b'"jamais ferme;x\r\n', "fichier_illisible", "La ligne 3 ne se lit pas"),
    "valeur hors des colonnes": (
        texte(BON).replace("12/01/2026;;;;;", "12/01/2026;;;;;;;de trop").encode(), "cellules_fausses", "W2 : une valeur sans en-tête",
    ),
    "matricule en notation scientifique": (bon(organisme="7,84621E+13"), "cellules_fausses", "M2 : « 7,84621E+13 » a perdu des chiffres"),
    "signe de contrôle": (bon(nom_naissance="Mar\x07tin"), "cellules_fausses", "B2 : un caractère invisible"),
    "nul échappé en classeur": (livre(BON | {"nom_naissance": "Mar_x0007_tin"}), "import_faux", "B2 :"),
    # Ce qu'il dit
    "emoji": (bon(prenom1="Camille 🙂"), "import_faux", "D2 :"),
    "date du nombre d'Excel": (bon(naissance="33361"), "import_faux", "H2 : « 33361 » est le nombre d'une date"),
    "date d'Excel sans sa forme": (livre(BON | {"naissance": 33361}), "import_faux", "H2 : « 33361 » est le nombre d'une date"),
    "date hors du calendrier": (bon(naissance="31/02/1991"), "import_faux", "H2 :"),
    "année à deux chiffres": (bon(naissance="03/05/91"), "import_faux", "H2 : « 03/05/91 » n'est pas une naissance"),
    "mois d'abord": (bon(naissance="12/31/1990"), "import_faux", "H2 :"),
    "zéro perdu": (bon(commune_code="1004"), "import_faux", "J2 :"),
    "adresse à deux arobases": (bon(courriel="camille@@caisse.example"), "import_faux", "A2 :"),
    "deux fois la même personne": (texte(BON, BON).encode(), "import_faux", "A3 : déjà dans ce fichier, en A2"),
}  # fmt: skip

ADMIS: dict[str, tuple[bytes, dict[str, str]]] = {
    "marque d'utf-8": (codecs.BOM_UTF8 + bon(), {}),
    "utf-16, comme le texte Unicode d'Excel": (codecs.BOM_UTF16_LE + texte(BON, separateur="\t").encode("utf-16-le"), {}),
    "utf-16, gros-boutien": (codecs.BOM_UTF16_BE + texte(BON).encode("utf-16-be"), {}),
    "cp1252": (texte(BON | {"prenom1": "Zoé"}).encode("cp1252"), {"prenom1": "Zoé"}),
    "cp1252 sous une marque d'utf-8": (
        codecs.BOM_UTF8 + texte(BON | {"prenom1": "Zoé"}).encode("cp1252"), {"prenom1": "Zoé"},
    ),
    "virgules": (texte(BON, separateur=",").encode(), {}),
    "tabulations": (texte(BON, separateur="\t").encode(), {}),
    "séparateur dit": (b"sep=;\r\n" + bon(), {}),
    "fins de ligne CR": (texte(BON, fin="\r").encode(), {}),
    "fins de ligne LF": (texte(BON, fin="\n").encode(), {}),
    "lignes vides au milieu": (texte({}, BON, {}).encode() + b";;;;\r\n\r\n", {}),
    "espaces insécables": (bon(prenom1="\u00a0Camille\u202f", courriel=" camille@caisse.example\u00a0"), {}),
    "signes sans largeur": (
        bon(nom_naissance="\u200bMar\u00adtin\ufeff", courriel="camille\u200b@caisse.example"), {},
    ),
    "sens de lecture inversé": (bon(nom_naissance="\u202eMartin\u202c"), {}),
    "O'BRIEN": (bon(nom_naissance="O’BRIEN"), {"nom_naissance": "O'BRIEN"}),
    "particule": (bon(nom_naissance="de La Tour d'Auvergne"), {"nom_naissance": "de La Tour d'Auvergne"}),
    "nom composé": (bon(nom_naissance="Le\u00a0Goff\u2011Martin"), {"nom_naissance": "Le Goff-Martin"}),
    "date de 1900": (livre(BON, apprete=_date("H2", date(1991, 5, 3))), {}),
    "date de 1904": (livre(BON, apprete=_de_1904), {}),
    "jour et heure": (livre(BON, apprete=_date("H2", 33361, "dd/mm/yyyy hh:mm")), {}),
    "date en lettres": (bon(naissance="3 mai 1991", entree_le="12 janv. 2026"), {}),
    "premier du mois en lettres": (bon(naissance="1er août 1991"), {"naissance": "1991-8-1"}),
    "date à points": (bon(naissance="3.5.1991"), {}),
    "date à espaces": (bon(naissance="03 05 1991"), {}),
    "date de machine": (bon(naissance="1991-05-03T00:00:00", entree_le="2026-01-12 00:00"), {}),
    "année d'abord": (bon(naissance="1991/05/03"), {}),
    "feuille masquée": (livre(BON, apprete=_feuille_cachee), {}),
    "adresse cliquable": (livre(BON, apprete=_hyperlien), {}),
    "csv nommé xlsx": (bon(), {}),
}  # fmt: skip
