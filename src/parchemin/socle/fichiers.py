"""Reconnaître un fichier reçu par ce qu'il contient, jamais par son nom ni par ce que dit le navigateur.

PDF, PNG, JPEG : la signature, puis la structure d'un bout à l'autre. Un fichier qui ment sur sa forme, qui continue après
sa fin, qui est trop grand une fois ouvert, ou qui porte de quoi agir (un PDF à JavaScript) est refusé, avec sa raison. Seule
la suite d'un JPEG se coupe au lieu d'être refusée : les téléphones y rangent une carte de lumière ou un film.
Pur : des octets entrent, ceux qu'on garde sortent. Ce n'est pas un antivirus.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection, Iterator
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


def recevoir(octets: bytes, *, octets_max: int = OCTETS_MAX) -> tuple[bytes, Genre]:
    """Ce que l'on garde d'un fichier reçu, et son genre : reconnu, puis nettoyé. Lève les `Refus` de `reconnaitre`."""
    genre = reconnaitre(octets, octets_max=octets_max)
    return nettoyer(octets, genre), genre


def reconnaitre(octets: bytes, *, admis: Collection[Genre] = tuple(Genre), octets_max: int = OCTETS_MAX) -> Genre:
    """Le genre d'un fichier entier et sain ; d'un JPEG, jusqu'à la fin de son image : `recevoir` ne garde rien de la suite.

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
_BALAYAGE, _FIN, _REMPLISSAGE = 0xDA, 0xD9, 0xFF
_MARQUES = frozenset({*range(0xC0, 0xD0), *range(0xDA, 0xF0), 0xFE})
"""Celles qui ont une longueur. Les autres (une seconde image qui s'ouvre, une reprise hors d'un balayage…) n'ont rien à faire là."""
_APRES_BALAYAGE = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""La première vraie marque : ni un octet protégé (FF 00), ni une reprise (RST), ni un remplissage (FF FF)."""


def _segments(octets: bytes) -> Iterator[tuple[int, bytes]]:
    """Chaque segment d'un JPEG avec sa marque, les données d'un balayage avec lui, jusqu'à la fin de l'image.

    Un segment se saute par sa longueur : la vignette qu'il porte peut finir, l'image non. Ce qui suit la fin (la carte de
    lumière ou le film d'un téléphone, une archive cachée) n'est pas de l'image, et personne ne le lit.
    """
    place = 2
    while place + 2 <= len(octets) and octets[place] == 0xFF:
        marque = octets[place + 1]
        if marque == _FIN:
            return
        if marque == _REMPLISSAGE:
            place += 1
            continue
        longueur = int.from_bytes(octets[place + 2 : place + 4], "big")
        fin = place + 2 + longueur
        if marque not in _MARQUES or longueur < 2 or fin > len(octets):
            raise _abime("une de ses parties est coupée")
        if marque == _BALAYAGE:
            suite = _APRES_BALAYAGE.search(octets, fin)
            if suite is None:
                raise _abime("sa fin manque")
            fin = suite.start()
        yield marque, octets[place:fin]
        place = fin
    raise _abime("sa fin manque")


def _jpeg(octets: bytes) -> None:
    cadre = balayage = False
    for marque, segment in _segments(octets):
        if marque in _CADRES:
            if len(segment) < 10:
                raise _abime("son en-tête est coupé")
            _pixels(int.from_bytes(segment[7:9], "big"), int.from_bytes(segment[5:7], "big"))
            cadre = True
        balayage = balayage or (cadre and marque == _BALAYAGE)
    if not balayage:
        raise _abime("elle n’a pas d’image")


def _pixels(largeur: int, hauteur: int) -> None:
    if not largeur or not hauteur:
        raise _abime("l’image n’a pas de taille")
    if largeur * hauteur > PIXELS_MAX:
        raise Refus("image_trop_grande", "Cette image a trop de points : réduisez-la, puis recommencez.")


# --- Nettoyer ---------------------------------------------------------------------------------------------------------

_PNG_BAVARDS = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"})
_JPEG_BAVARDS = frozenset({*range(0xE0, 0xF0), 0xFE})
_EXIF = 0xE1
_JPEG_GARDES = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
"""Sans eux l'image changerait d'aspect. Les autres APPn et les commentaires parlent de qui, d'où, d'une vignette, d'images qui suivaient."""
_ORIENTATION = 0x0112


def nettoyer(octets: bytes, genre: Genre) -> bytes:
    """Le même fichier sans ce qu'une photo dit en plus de l'image : lieu, appareil, heure, commentaires, vignette, suite.

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
    gardes, sens = [], 1
    for marque, segment in _segments(octets):
        if marque == _EXIF:
            sens = _sens(segment[4:]) or sens
        elif marque not in _JPEG_BAVARDS or segment[4:].startswith(_JPEG_GARDES.get(marque, ())):
            gardes.append(segment)
    return b"".join((octets[:2], _exif_du_sens(sens) if sens != 1 else b"", *gardes, bytes((0xFF, _FIN))))


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
