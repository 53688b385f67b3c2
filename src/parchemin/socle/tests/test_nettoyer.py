"""Une photo nettoyée ne dit plus ni où, ni quand, ni avec quoi ; l'image et son sens de lecture restent."""

from __future__ import annotations

import pytest

from parchemin.socle.fichiers import Genre, nettoyer, reconnaitre

CADRE = b"\xff\xc0\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00"
FIN = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x37\xff\xd9"
JFIF = b"\xff\xe0\x00\x10JFIF\0\1\1\0\0\1\0\1\0\0"


def segment(marque: int, corps: bytes) -> bytes:
    return bytes((0xFF, marque)) + (len(corps) + 2).to_bytes(2, "big") + corps


def exif(sens: int, ordre: str = "big", *, suite: bytes = b"GPS 44.35 N 2.57 E") -> bytes:
    def mot(nombre: int, taille: int) -> bytes:
        return nombre.to_bytes(taille, "little" if ordre == "little" else "big")

    tete = (b"II" if ordre == "little" else b"MM") + mot(42, 2) + mot(8, 4)
    case = mot(0x0112, 2) + mot(3, 2) + mot(1, 4) + mot(sens, 2) + b"\0\0"
    return segment(0xE1, b"Exif\0\0" + tete + mot(1, 2) + case + mot(0, 4) + suite)


def jpeg(*segments: bytes) -> bytes:
    return b"\xff\xd8" + b"".join(segments) + CADRE + FIN


@pytest.mark.parametrize("ordre", ["big", "little"])
@pytest.mark.parametrize("sens", range(1, 9))
def test_d_un_jpeg_il_ne_reste_que_l_image_et_son_sens(sens, ordre):
    photo = jpeg(JFIF, exif(sens, ordre), segment(0xFE, b"commentaire"), segment(0xED, b"Photoshop IPTC"))
    propre = nettoyer(photo, reconnaitre(photo))
    sens_seul = exif(sens, suite=b"") if sens != 1 else b""
    assert propre == b"\xff\xd8" + sens_seul + JFIF + CADRE + FIN
    assert reconnaitre(propre) is Genre.JPEG
    assert nettoyer(propre, Genre.JPEG) == propre


@pytest.mark.parametrize(
    "faux",
    [
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<gps/>"),
        segment(0xE1, b"Exif\0\0ZZ\0*\0\0\0\x08"),
        segment(0xE1, b"Exif\0\0MM\0*\xff\xff\xff\xff\0\1"),
        segment(0xE1, b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\x01\x12"),
        segment(0xE1, b""),
        exif(9),
        exif(0),
    ],
)
def test_un_exif_qui_ment_disparait(faux):
    assert nettoyer(jpeg(faux), Genre.JPEG) == jpeg()


def test_un_pdf_est_rendu_tel_quel():
    assert nettoyer(b"%PDF-1.7 quelque chose", Genre.PDF) == b"%PDF-1.7 quelque chose"
