"""Borner une archive avant d'en ouvrir le contenu, et refuser ce qui agirait : macros, liens, objets, entités."""

from __future__ import annotations

import io
import zipfile
from typing import override
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml.common import DefusedXmlException
from defusedxml.sax import parseString

from parchemin.socle.refus import Refus
from parchemin.socle.tableur.formes import DECOMPRESSE_MAX, MEMBRES_MAX, RATIO_MAX

_TYPES_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
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
_ABIMEE = (zipfile.BadZipFile, NotImplementedError, KeyError, EOFError, OSError, RuntimeError, SAXException, ValueError)


class _Relecture(ContentHandler):
    """Lit un membre d'un bout à l'autre sans rien en garder que ses cellules fusionnées : ni l'arbre, ni les textes."""

    def __init__(self) -> None:
        super().__init__()
        self.fusions: list[str] = []

    @override
    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        """Note une zone fusionnée."""
        if name.rpartition(":")[2] == "mergeCell":
            self.fusions.append(attrs.get("ref", "?"))


def verifier_archive(octets: bytes) -> dict[str, list[str]]:
    """Vérifie un classeur avant de l'ouvrir ; rend les zones fusionnées (« A2:A9 ») de chacun de ses membres.

    Lève `Refus` : `fichier_dangereux`, `fichier_inconnu`, `fichier_illisible`.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(octets))
        membres = archive.infolist()
        _borner(membres)
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
        fusions: dict[str, list[str]] = {}
        reste = DECOMPRESSE_MAX
        for membre in membres:
            if membre.filename.lower().endswith((".xml", ".rels")):
                contenu = _deplier(archive, membre, reste)
                reste -= len(contenu)
                fusions[membre.filename] = _relire(contenu)
        types = archive.read("[Content_Types].xml").decode("utf-8", "replace")
        if "macroenabled" in types.lower() or _TYPES_XLSX not in types:
            raise Refus(
                "fichier_dangereux",
                "Ce classeur n'est pas un .xlsx simple (macros ou modèle) : enregistrez-le en .xlsx.",
            )
    except DefusedXmlException as erreur:
        raise Refus("fichier_dangereux", "Ce classeur contient des entités XML : il n'est pas ouvert.") from erreur
    except _ABIMEE as erreur:
        raise Refus("fichier_illisible", "Ce classeur est abîmé : enregistrez-le à nouveau en .xlsx.") from erreur
    return fusions


def _borner(membres: list[zipfile.ZipInfo]) -> None:
    if len(membres) > MEMBRES_MAX:
        raise Refus("fichier_dangereux", f"Ce classeur a {len(membres)} parties, au lieu de {MEMBRES_MAX} au plus.")
    total = sum(membre.file_size for membre in membres)
    if total > DECOMPRESSE_MAX or any(
        membre.file_size > RATIO_MAX * max(membre.compress_size, 1) + 65_536 for membre in membres
    ):
        raise _demesure()


def _demesure() -> Refus:
    return Refus("fichier_dangereux", "Ce classeur se déplie en un fichier démesuré : il n'est pas ouvert.")


def _deplier(archive: zipfile.ZipFile, membre: zipfile.ZipInfo, reste: int) -> bytes:
    """Déplie un membre sans dépasser `reste` octets : la taille annoncée peut mentir."""
    contenu = io.BytesIO()
    with archive.open(membre) as flux:
        while morceau := flux.read(65_536):
            contenu.write(morceau)
            if contenu.tell() > reste:
                raise _demesure()
    return contenu.getvalue()


def _relire(contenu: bytes) -> list[str]:
    relecture = _Relecture()
    parseString(contenu, relecture, forbid_dtd=True)
    return relecture.fusions
