"""Lire et écrire des tableurs reçus de n'importe qui, sans danger : CSV et XLSX.

Le contenu juge du format, jamais l'extension. Rien n'est exécuté ni suivi : formules, macros, liens externes et objets
incorporés sont refusés. Les tailles sont bornées avant d'ouvrir quoi que ce soit : un classeur est une archive, et une
archive de quelques kilo-octets peut en cacher des giga. À l'écriture, une cellule que le tableur prendrait pour une formule
est précédée d'une apostrophe.

    tableau = lire(octets, colonnes={"nom": "Nom", "siret": "SIRET"}, obligatoires={"nom"})
    for ligne in tableau.lignes:
        ligne.numero, ligne["nom"], ligne.cellule("siret")      # 2, "Caisse…", "B2"
"""

from __future__ import annotations

import csv
import io
import itertools
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from parchemin.socle.cles import cle_recherche
from parchemin.socle.refus import Introuvable, Refus

TAILLE_MAX = 5 * 1024 * 1024
DECOMPRESSE_MAX = 40 * 1024 * 1024
RATIO_MAX = 150
MEMBRES_MAX = 200
LIGNES_MAX = 5_000
COLONNES_MAX = 60
CELLULE_MAX = 2_000

TYPE_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPE_CSV = "text/csv; charset=utf-8"

_ZIP, _OLE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF"
_FORMULE = re.compile(r"^\s*[=+\-@＝＋－＠\t\r\n]")
_NOMBRE = re.compile(r"^[+-]?\d+([.,]\d+)?$")
_SEPARATEURS = (";", ",", "\t", "|")
_TYPES_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_ABIME = (
    InvalidFileException, DefusedXmlException, ParseError, zipfile.BadZipFile, KeyError, ValueError, TypeError,
    AttributeError, IndexError, OverflowError, EOFError, OSError,
)  # fmt: skip
"""Ce que lève la bibliothèque devant un classeur mal formé : elle ne le dit pas d'une seule voix."""
_INTERDITS = (
    "vbaproject",
    "activex",
    "externallinks",
    "embeddings",
    "ctrlprops",
    "customui",
    "macrosheets",
    "dialogsheets",
)


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
class _Attendu:
    """Comment reconnaître les colonnes d'un fichier, et combien de lignes il peut avoir."""

    colonnes: Mapping[str, str]
    obligatoires: Collection[str]
    lignes_max: int = LIGNES_MAX
    ignorer_autres: bool = False
    correspondance: Mapping[str, str] | None = None


def lire(
    octets: bytes,
    *,
    colonnes: Mapping[str, str],
    obligatoires: Collection[str] = (),
    lignes_max: int = LIGNES_MAX,
    ignorer_autres: bool = False,
    correspondance: Mapping[str, str] | None = None,
) -> Tableau:
    """Lit un fichier reçu. `colonnes` : nom de code → en-tête attendu (comparé sans accents, casse ni ponctuation).

    `ignorer_autres` : les colonnes d'un autre nom sont passées au lieu d'être refusées (un fichier qui n'est pas le nôtre).
    `correspondance` : lettre de colonne → nom de code, quand une personne a dit elle-même quelle colonne est laquelle ; les
    en-têtes ne comptent plus, les autres colonnes sont passées.
    Les lignes entièrement vides sont passées. Lève `Refus`, dont `details` donne toutes les raisons, une par ligne, avec la
    cellule : `fichier_vide`, `fichier_trop_gros`, `fichier_inconnu`, `fichier_dangereux`, `fichier_illisible`,
    `encodage_inconnu`, `colonnes_fausses`, `cellules_fausses`, `trop_de_lignes`.
    """
    return _lire(octets, _Attendu(colonnes, obligatoires, lignes_max, ignorer_autres, correspondance))


def entetes(octets: bytes) -> dict[str, str]:
    """Les en-têtes d'un fichier, par lettre de colonne : de quoi demander quelle colonne est laquelle. Mêmes refus que `lire`."""
    for _, valeurs in _lignes(octets)[1]:
        if any(valeur.strip() for valeur in valeurs):
            return {
                get_column_letter(rang): valeur.strip() for rang, valeur in enumerate(valeurs[:COLONNES_MAX], start=1)
            }
    raise Refus("fichier_vide", "Ce fichier est vide.")


def _lire(octets: bytes, attendu: _Attendu) -> Tableau:
    genre, lignes, encodage, separateur = _lignes(octets)
    return _tableau(genre, lignes, attendu, encodage, separateur)


def _lignes(octets: bytes) -> tuple[str, Iterator[tuple[int, list[str]]], str, str]:
    """Le format, les lignes numérotées, l'encodage et le séparateur (vides pour un classeur)."""
    if not octets.strip():
        raise Refus("fichier_vide", "Ce fichier est vide.")
    if len(octets) > TAILLE_MAX:
        raise Refus(
            "fichier_trop_gros", f"Ce fichier dépasse {TAILLE_MAX // (1024 * 1024)} Mo : coupez-le en plusieurs."
        )
    if octets.startswith(_ZIP):
        return "xlsx", _lignes_xlsx(octets), "", ""
    if octets.startswith(_OLE):
        raise Refus(
            "fichier_inconnu",
            "Ce fichier est un ancien classeur (.xls) ou un classeur protégé par mot de passe : enregistrez-le en .xlsx ou en CSV.",
        )
    texte, encodage = _texte(octets)
    separateur = _separateur(texte)
    return "csv", _lignes_csv(texte, separateur), encodage, separateur


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
        feuille.column_dimensions[get_column_letter(colonne)].width = largeur + 2
    feuille.freeze_panes = "A2"
    sortie = io.BytesIO()
    classeur.save(sortie)
    return sortie.getvalue()


def _inerte(valeur: object) -> str:
    """Le texte d'une valeur, qu'aucun tableur ne prendra pour une formule."""
    texte = "" if valeur is None else f"{valeur:%d/%m/%Y}" if isinstance(valeur, date) else str(valeur)
    return f"'{texte}" if _FORMULE.match(texte) and not _NOMBRE.match(texte) else texte


def _texte(octets: bytes) -> tuple[str, str]:
    if octets.startswith(_PDF) or b"\x00" in octets:
        raise Refus("fichier_inconnu", "Ce fichier n'est ni un CSV ni un classeur .xlsx.")
    try:
        return octets.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        texte = octets.decode("cp1252")
    except UnicodeDecodeError as erreur:
        raise Refus(
            "encodage_inconnu", "Les accents de ce fichier ne se lisent pas : enregistrez-le en « CSV UTF-8 »."
        ) from erreur
    if any(signe < " " and signe not in "\r\n\t" for signe in texte):
        raise Refus("fichier_inconnu", "Ce fichier n'est ni un CSV ni un classeur .xlsx.")
    return texte, "cp1252"


def _separateur(texte: str) -> str:
    """Le séparateur qui découpe le plus l'en-tête, hors guillemets ; le point-virgule à défaut."""
    premiere = next((ligne for ligne in texte.splitlines() if ligne.strip()), "")
    hors_guillemets = re.sub(r'"[^"]*"', "", premiere)
    comptes = {separateur: hors_guillemets.count(separateur) for separateur in _SEPARATEURS}
    return max(_SEPARATEURS, key=lambda separateur: comptes[separateur])


def _lignes_csv(texte: str, separateur: str) -> Iterator[tuple[int, list[str]]]:
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


def _lignes_xlsx(octets: bytes) -> Iterator[tuple[int, list[str]]]:
    _verifier_archive(octets)
    try:
        yield from _lignes_du_classeur(octets)
    except Refus:
        raise
    except _ABIME as erreur:
        raise Refus("fichier_illisible", "Ce classeur est abîmé : enregistrez-le à nouveau en .xlsx.") from erreur


def _lignes_du_classeur(octets: bytes) -> Iterator[tuple[int, list[str]]]:
    classeur = load_workbook(io.BytesIO(octets), read_only=True, data_only=False, keep_links=False, keep_vba=False)
    visibles = [feuille for feuille in classeur.worksheets if feuille.sheet_state == "visible"]
    if len(visibles) != 1:
        raise Refus("fichier_illisible", f"Ce classeur a {len(visibles)} feuilles visibles : n'en gardez qu'une.")
    feuille = visibles[0]
    feuille.reset_dimensions()  # la taille annoncée par le fichier n'engage que lui
    fautes: list[str] = []
    for numero, cellules in enumerate(feuille.iter_rows(max_col=COLONNES_MAX + 1), start=1):
        valeurs = []
        for colonne, cellule in enumerate(cellules, start=1):
            if cellule.data_type == "f":
                fautes.append(f"{get_column_letter(colonne)}{numero} : une formule. Collez sa valeur.")
            elif cellule.data_type == "e":
                fautes.append(f"{get_column_letter(colonne)}{numero} : une erreur de calcul ({cellule.value}).")
            valeurs.append(_valeur(cellule.value))
        yield numero, _sans_fin_vide(valeurs)
    if fautes:
        raise Refus(
            "fichier_dangereux", "Ce classeur contient des formules, que l'on ne calcule pas ici.", details=fautes
        )


def _sans_fin_vide(valeurs: list[str]) -> list[str]:
    """Un classeur rend des lignes aussi larges que son tableau : les cellules vides du bout ne sont pas des colonnes."""
    while valeurs and not valeurs[-1]:
        valeurs.pop()
    return valeurs


def _verifier_archive(octets: bytes) -> None:
    """Borne une archive avant d'en ouvrir le contenu, et refuse ce qui agirait : macros, liens, objets, entités."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(octets))
        membres = archive.infolist()
        if len(membres) > MEMBRES_MAX:
            raise Refus("fichier_dangereux", f"Ce classeur a {len(membres)} parties, au lieu de {MEMBRES_MAX} au plus.")
        total = sum(membre.file_size for membre in membres)
        if total > DECOMPRESSE_MAX or any(
            membre.file_size > RATIO_MAX * max(membre.compress_size, 1) + 65_536 for membre in membres
        ):
            raise Refus("fichier_dangereux", "Ce classeur se déplie en un fichier démesuré : il n'est pas ouvert.")
        noms = [membre.filename.lower() for membre in membres]
        if any(membre.flag_bits & 1 for membre in membres):
            raise Refus("fichier_illisible", "Ce classeur est protégé par mot de passe : enregistrez-le sans.")
        if any(mot in nom for nom in noms for mot in _INTERDITS):
            raise Refus(
                "fichier_dangereux",
                "Ce classeur contient des macros, des liens ou des objets : enregistrez-le en .xlsx simple.",
            )
        if "[content_types].xml" not in noms or "xl/workbook.xml" not in noms:
            raise Refus("fichier_inconnu", "Cette archive n'est pas un classeur .xlsx.")
        lus = 0
        for membre in membres:
            if membre.filename.lower().endswith((".xml", ".rels")):
                lus += _relire(archive, membre, DECOMPRESSE_MAX - lus)
        types = archive.read("[Content_Types].xml").decode("utf-8", "replace")
        if "macroenabled" in types.lower() or _TYPES_XLSX not in types:
            raise Refus(
                "fichier_dangereux",
                "Ce classeur n'est pas un .xlsx simple (macros ou modèle) : enregistrez-le en .xlsx.",
            )
    except (zipfile.BadZipFile, NotImplementedError, KeyError, EOFError, OSError, RuntimeError, ParseError) as erreur:
        raise Refus("fichier_illisible", "Ce classeur est abîmé : enregistrez-le à nouveau en .xlsx.") from erreur
    except DefusedXmlException as erreur:
        raise Refus("fichier_dangereux", "Ce classeur contient des entités XML : il n'est pas ouvert.") from erreur


def _relire(archive: zipfile.ZipFile, membre: zipfile.ZipInfo, reste: int) -> int:
    """Déplie un membre XML sans dépasser `reste` octets (la taille annoncée peut mentir) ; rend le nombre d'octets lus."""
    contenu = io.BytesIO()
    with archive.open(membre) as flux:
        while morceau := flux.read(65_536):
            contenu.write(morceau)
            if contenu.tell() > reste:
                raise Refus("fichier_dangereux", "Ce classeur se déplie en un fichier démesuré : il n'est pas ouvert.")
    lus = contenu.tell()
    contenu.seek(0)
    for _, element in iterparse(contenu, forbid_dtd=True):
        element.clear()
    return lus


def _valeur(valeur: object) -> str:
    if valeur is None:
        return ""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, datetime | date):
        return f"{valeur:%d/%m/%Y}"
    if isinstance(valeur, float) and valeur.is_integer():
        return str(int(valeur))
    return str(valeur)


def _tableau(
    genre: str, lignes: Iterator[tuple[int, list[str]]], attendu: _Attendu, encodage: str, separateur: str
) -> Tableau:
    places: dict[str, int] | None = None
    largeur = 0
    lues: list[Ligne] = []
    fautes: list[str] = []
    for numero, brutes in lignes:
        valeurs = [valeur.strip() for valeur in brutes]
        if not any(valeurs):
            continue
        if places is None:
            places = _places(valeurs, numero, attendu)
            largeur = len(valeurs)
            continue
        if len(lues) >= attendu.lignes_max:
            raise Refus("trop_de_lignes", f"Ce fichier a plus de {attendu.lignes_max} lignes : coupez-le en plusieurs.")
        fautes += _fautes(valeurs, numero, largeur)
        lettres = {code: get_column_letter(place + 1) for code, place in places.items()}
        lues.append(
            Ligne(numero, {code: valeurs[p] if p < len(valeurs) else "" for code, p in places.items()}, lettres)
        )
    if places is None:
        raise Refus("fichier_vide", "Ce fichier est vide.")
    if fautes:
        raise Refus("cellules_fausses", "Des cellules de ce fichier ne se lisent pas.", details=fautes)
    return Tableau(genre, tuple(lues), tuple(places), encodage, separateur)


def _fautes(valeurs: Sequence[str], numero: int, largeur: int) -> Iterator[str]:
    for rang, valeur in enumerate(valeurs, start=1):
        cellule = f"{get_column_letter(rang)}{numero}"
        if rang > largeur and valeur:
            yield f"{cellule} : une valeur sans en-tête au-dessus d'elle."
        elif len(valeur) > CELLULE_MAX:
            yield f"{cellule} : plus de {CELLULE_MAX} signes."
        elif any(signe < " " and signe not in "\n\r\t" for signe in valeur):
            yield f"{cellule} : un caractère invisible qui n'est pas du texte."
        elif valeur.startswith("="):
            yield f"{cellule} : une formule. Collez sa valeur."


def _places(valeurs: Sequence[str], numero: int, attendu: _Attendu) -> dict[str, int]:
    """Le rang de chaque colonne connue."""
    if len(valeurs) > COLONNES_MAX:
        raise Refus("colonnes_fausses", f"Ce fichier a plus de {COLONNES_MAX} colonnes.")
    fautes: list[str] = []
    if attendu.correspondance is None:
        places = _reconnues(valeurs, numero, attendu, fautes)
    else:
        rangs = {get_column_letter(rang + 1): rang for rang in range(len(valeurs))}
        places = {code: rangs[lettre] for lettre, code in attendu.correspondance.items() if lettre in rangs}
    fautes += [
        f"Il manque la colonne « {entete} »."
        for code, entete in attendu.colonnes.items()
        if code in attendu.obligatoires and code not in places
    ]
    if fautes:
        raise Refus("colonnes_fausses", "Les en-têtes ne sont pas ceux du modèle.", details=fautes)
    return places


def _reconnues(valeurs: Sequence[str], numero: int, attendu: _Attendu, fautes: list[str]) -> dict[str, int]:
    """Les colonnes reconnues à leur en-tête ; ajoute à `fautes` celles qui ne le sont pas."""
    codes = {cle_recherche(entete): code for code, entete in attendu.colonnes.items()}
    places: dict[str, int] = {}
    for rang, entete in enumerate(valeurs):
        cellule = f"{get_column_letter(rang + 1)}{numero}"
        code = codes.get(cle_recherche(entete))
        if code is None and attendu.ignorer_autres:
            continue
        if not entete:
            fautes.append(f"{cellule} : un en-tête est vide.")
        elif code is None:
            fautes.append(f"{cellule} : la colonne « {entete[:60]} » n'est pas attendue.")
        elif code in places:
            fautes.append(
                f"{cellule} : la colonne « {entete[:60]} » est déjà en {get_column_letter(places[code] + 1)}{numero}."
            )
        else:
            places[code] = rang
    return places


def modele(forme: str, titre: str, entetes: Sequence[str], exemples: Iterable[Sequence[str]]) -> tuple[bytes, str]:
    """Le modèle à remplir, avec ses lignes d'exemple, et son type ; `forme` : « csv » ou « xlsx ». Lève `Introuvable`."""
    if forme == "csv":
        return ecrire_csv(entetes, exemples), TYPE_CSV
    if forme == "xlsx":
        return ecrire_xlsx(titre, entetes, exemples), TYPE_XLSX
    raise Introuvable
