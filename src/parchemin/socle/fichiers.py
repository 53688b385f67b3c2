"""Reconnaître un fichier reçu par ce qu'il contient, jamais par son nom ni par ce que dit le navigateur.

PDF, PNG, JPEG : la signature, puis la structure d'un bout à l'autre. Un fichier qui ment sur sa forme, qui continue après
sa fin, qui est trop grand une fois ouvert, ou qui porte de quoi agir (un PDF à JavaScript) est refusé, avec sa raison.
Pur : des octets entrent, un genre sort. Ce n'est pas un antivirus.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection
from enum import StrEnum
from typing import Literal

from parchemin.socle.refus import Refus

OCTETS_MAX = 10 * 1024 * 1024
PIXELS_MAX = 40_000_000
"""40 mégapixels : au-delà, l'image ouverte épuise la mémoire d'un poste."""


class Genre(StrEnum):
    """Ce que l'on sait recevoir."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"

    @property
    def extension(self) -> str:
        """L'extension sous laquelle on le garde : la nôtre, jamais celle qui fut donnée."""
        return {Genre.PDF: "pdf", Genre.PNG: "png", Genre.JPEG: "jpg"}[self]


def reconnaitre(octets: bytes, *, admis: Collection[Genre] = tuple(Genre), octets_max: int = OCTETS_MAX) -> Genre:
    """Le genre d'un fichier entier et sain.

    Lève `Refus` : `fichier_vide`, `fichier_trop_grand`, `fichier_inconnu` (ni signature connue, ni admise),
    `fichier_abime` (la structure ne tient pas), `image_trop_grande`, `pdf_actif`, `pdf_chiffre`.
    """
    if not octets:
        raise Refus("fichier_vide", "Ce fichier est vide.")
    if len(octets) > octets_max:
        raise Refus(
            "fichier_trop_grand", f"Ce fichier dépasse {octets_max // 1024 // 1024} Mo : réduisez-le, puis recommencez."
        )
    if octets.startswith(b"%PDF-"):
        genre, controler = Genre.PDF, _pdf
    elif octets.startswith(b"\x89PNG\r\n\x1a\n"):
        genre, controler = Genre.PNG, _png
    elif octets.startswith(b"\xff\xd8\xff"):
        genre, controler = Genre.JPEG, _jpeg
    else:
        raise _inconnu(admis)
    if genre not in admis:
        raise _inconnu(admis)
    controler(octets)
    return genre


def _inconnu(admis: Collection[Genre]) -> Refus:
    noms = ", ".join(genre.name for genre in Genre if genre in admis)
    return Refus(
        "fichier_inconnu", f"Ce fichier n’est pas de ceux que l’on reçoit ici ({noms}), quel que soit son nom."
    )


def _abime(quoi: str) -> Refus:
    return Refus(
        "fichier_abime", f"Ce fichier est abîmé ou n’est pas ce qu’il prétend : {quoi}. Exportez-le de nouveau."
    )


# --- PDF --------------------------------------------------------------------------------------------------------------

_VERSION = re.compile(rb"%PDF-(?:1\.[0-7]|2\.0)[\r\n ]")
_DEBUT = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF\s*\Z")
_ACTIF = re.compile(rb"/(?:JavaScript|JS|Launch|RichMedia|EmbeddedFile|XFA|SubmitForm|ImportData)(?![A-Za-z])")
_ECHAPPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_FLUX = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_DEPLIE_MAX = 50 * 1024 * 1024


def _pdf(octets: bytes) -> None:
    if not _VERSION.match(octets):
        raise _abime("sa version de PDF n’existe pas")
    fin = _DEBUT.search(octets[-2048:])
    if fin is None:
        raise _abime("sa fin manque, ou quelque chose la suit")
    if not 0 < int(fin[1]) < len(octets):
        raise _abime("sa table est introuvable")
    table = octets[int(fin[1]) : int(fin[1]) + 64]
    if not (table.lstrip().startswith(b"xref") or re.match(rb"\s*\d+\s+\d+\s+obj", table)):
        raise _abime("sa table est introuvable")
    if re.search(rb"/Encrypt(?![A-Za-z])", octets):
        raise Refus("pdf_chiffre", "Ce PDF est protégé : enregistrez-le sans mot de passe, puis recommencez.")
    for morceau in _lisibles(octets):
        if _ACTIF.search(_ECHAPPE.sub(lambda m: bytes([int(m[1], 16)]), morceau)):
            raise Refus(
                "pdf_actif",
                "Ce PDF contient un programme ou un autre fichier. Imprimez-le en PDF, et envoyez cette copie.",
            )


def _lisibles(octets: bytes) -> list[bytes]:
    """Le texte du PDF, et ses suites compressées dépliées : c'est là que se cachent les objets."""
    morceaux, reste = [_FLUX.sub(b"", octets)], _DEPLIE_MAX
    for flux in _FLUX.finditer(octets):
        try:
            deplieur = zlib.decompressobj()
            deplie = deplieur.decompress(flux[1], reste)
        except zlib.error:
            continue
        if deplieur.unconsumed_tail:
            raise _abime("il se déplie sans fin")
        reste -= len(deplie)
        if reste <= 0:
            raise _abime("il se déplie sans fin")
        if b"/" in deplie[:4096]:
            morceaux.append(deplie)
    return morceaux


# --- PNG --------------------------------------------------------------------------------------------------------------


def _png(octets: bytes) -> None:
    place, premier, donnees = 8, True, False
    while place + 12 <= len(octets):
        longueur = int.from_bytes(octets[place : place + 4], "big")
        nom, fin = octets[place + 4 : place + 8], place + 12 + longueur
        if fin > len(octets):
            raise _abime("une de ses parties est coupée")
        somme = int.from_bytes(octets[fin - 4 : fin], "big")
        if zlib.crc32(octets[place + 4 : fin - 4]) != somme:
            raise _abime("une de ses parties est altérée")
        if premier and (nom != b"IHDR" or longueur != 13):
            raise _abime("son en-tête manque")
        if premier:
            _pixels(
                int.from_bytes(octets[place + 8 : place + 12], "big"),
                int.from_bytes(octets[place + 12 : place + 16], "big"),
            )
        donnees = donnees or nom == b"IDAT"
        premier, place = False, fin
        if nom == b"IEND":
            break
    else:
        raise _abime("sa fin manque")
    if not donnees or place != len(octets):
        raise _abime("quelque chose suit sa fin" if donnees else "elle n’a pas d’image")


# --- JPEG -------------------------------------------------------------------------------------------------------------

_CADRES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})


def _jpeg(octets: bytes) -> None:
    place, cadre = 2, False
    while place + 4 <= len(octets) and octets[place] == 0xFF:
        marque = octets[place + 1]
        if marque == 0xFF:  # remplissage permis
            place += 1
            continue
        longueur = int.from_bytes(octets[place + 2 : place + 4], "big")
        if longueur < 2 or place + 2 + longueur > len(octets):
            raise _abime("une de ses parties est coupée")
        if marque in _CADRES:
            if longueur < 8:
                raise _abime("son en-tête est coupé")
            _pixels(
                int.from_bytes(octets[place + 7 : place + 9], "big"),
                int.from_bytes(octets[place + 5 : place + 7], "big"),
            )
            cadre = True
        if marque == 0xDA:
            if not cadre or not octets.endswith(b"\xff\xd9") or octets.find(b"\xff\xd9", place) != len(octets) - 2:
                raise _abime("sa fin manque, ou quelque chose la suit")
            return
        place += 2 + longueur
    raise _abime("elle n’a pas d’image")


def _pixels(largeur: int, hauteur: int) -> None:
    if not largeur or not hauteur:
        raise _abime("l’image n’a pas de taille")
    if largeur * hauteur > PIXELS_MAX:
        raise Refus("image_trop_grande", "Cette image a trop de points : réduisez-la, puis recommencez.")


# --- Nettoyer ---------------------------------------------------------------------------------------------------------

_PNG_BAVARDS = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"})
_JPEG_GARDES = frozenset({0xE0, 0xE2, 0xEE})
"""JFIF, profil de couleur, Adobe : sans eux l'image changerait d'aspect. Les autres APPn et les commentaires parlent de qui et d'où."""
_ORIENTATION = 0x0112


def nettoyer(octets: bytes, genre: Genre) -> bytes:
    """Le même fichier sans ce qu'une photo dit en plus de l'image : lieu, appareil, heure, commentaires, vignette.

    À appeler sur ce que `reconnaitre` a admis. D'un JPEG, seul le sens de lecture (1 à 8) est gardé. Un PDF est rendu tel quel.
    """
    if genre is Genre.PNG:
        return _png_nettoye(octets)
    return _jpeg_nettoye(octets) if genre is Genre.JPEG else octets


def _png_nettoye(octets: bytes) -> bytes:
    gardes, place = [octets[:8]], 8
    while place < len(octets):
        fin = place + 12 + int.from_bytes(octets[place : place + 4], "big")
        if octets[place + 4 : place + 8] not in _PNG_BAVARDS:
            gardes.append(octets[place:fin])
        place = fin
    return b"".join(gardes)


def _jpeg_nettoye(octets: bytes) -> bytes:
    gardes, place, sens = [], 2, 1
    while octets[place + 1] != 0xDA:
        if octets[place + 1] == 0xFF:
            place += 1
            continue
        marque, fin = octets[place + 1], place + 2 + int.from_bytes(octets[place + 2 : place + 4], "big")
        if marque == 0xE1:
            sens = _sens(octets[place + 4 : fin]) or sens
        elif marque in _JPEG_GARDES or not (0xE0 <= marque <= 0xEF or marque == 0xFE):
            gardes.append(octets[place:fin])
        place = fin
    return b"".join((octets[:2], _exif_du_sens(sens) if sens != 1 else b"", *gardes, octets[place:]))


def _sens(exif: bytes) -> int:
    """Le sens de lecture que dit un segment Exif (1 à 8), 0 s'il n'en dit pas ou s'il ment."""
    if not exif.startswith(b"Exif\0\0") or exif[6:8] not in (b"II", b"MM"):
        return 0
    ordre: Literal["little", "big"] = "little" if exif[6:8] == b"II" else "big"
    tiff = exif[6:]
    debut = int.from_bytes(tiff[4:8], ordre)
    for rang in range(min(int.from_bytes(tiff[debut : debut + 2], ordre), 256)):
        case = tiff[debut + 2 + 12 * rang : debut + 14 + 12 * rang]
        if len(case) == 12 and int.from_bytes(case[:2], ordre) == _ORIENTATION:
            sens = int.from_bytes(case[8:10], ordre)
            return sens if 1 <= sens <= 8 else 0
    return 0


def _exif_du_sens(sens: int) -> bytes:
    """Un segment Exif qui ne dit que le sens de lecture."""
    case = _ORIENTATION.to_bytes(2, "big") + b"\0\3\0\0\0\1" + sens.to_bytes(2, "big") + b"\0\0"
    corps = b"Exif\0\0MM\0*\0\0\0\x08\0\1" + case + b"\0\0\0\0"
    return b"\xff\xe1" + (len(corps) + 2).to_bytes(2, "big") + corps
