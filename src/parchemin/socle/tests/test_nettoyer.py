"""Une photo nettoyée ne dit plus ni où, ni quand, ni avec quoi ; l'image et son sens de lecture restent, et rien de ce qui la suivait."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parchemin.socle.fichiers import Genre, nettoyer, recevoir, reconnaitre
from parchemin.socle.refus import Refus

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


# Ce qui suit l'image -------------------------------------------------------------------------------------------------

SUITES = {
    "carte de lumière (JPEG_R)": jpeg(JFIF, segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0hdrgm")),
    "film (Motion Photo)": b"\0\0\0\x18ftypmp42\0\0\0\0isommp42" + bytes(range(256)),
    "film et table (Samsung)": b"\0\0\x30\x0a\x10\0\0\0MotionPhoto_Data\0\0\0\x18ftypmp42SEFH\x6a\0\0\0\x18\0\0\0SEFT",
    "archive": b"PK\x03\x04\x14\0secret.txtPK\x05\x06" + bytes(18),
    "page": b"<!doctype html><script>alert(1)</script>",
    "programme": b"MZ\x90\0<?php system($_GET[0]);",
    "document": b"%PDF-1.7\n%%EOF\n",
    "remplissage": bytes(4096),
    "fins": b"\xff\xd9\xff\xd9",
}
TABLE = segment(0xE2, b"MPF\0MM\0*\0\0\0\x08")
LUMIERE = segment(0xE2, b"urn:iso:std:iso:ts:21496:-1\0\0\0\0\0")
COULEURS = segment(0xE2, b"ICC_PROFILE\0\1\1profil")


@pytest.mark.parametrize("suite", SUITES.values(), ids=SUITES)
def test_rien_de_ce_qui_suit_l_image_n_est_garde(suite):
    photo = jpeg(JFIF, exif(6), TABLE, LUMIERE, COULEURS) + suite
    garde, genre = recevoir(photo)
    assert genre is Genre.JPEG
    assert garde == b"\xff\xd8" + exif(6, suite=b"") + JFIF + COULEURS + CADRE + FIN
    assert recevoir(garde) == (garde, genre)


@given(st.binary(max_size=300))
def test_quelle_que_soit_la_suite_le_fichier_garde_est_le_meme(suite):
    assert recevoir(jpeg(JFIF) + suite) == (jpeg(JFIF), Genre.JPEG)


def test_la_fin_de_l_image_est_la_sienne_pas_celle_d_une_vignette_ni_d_une_table():
    vignette = exif(1, suite=jpeg())
    tables = segment(0xDB, b"\xff\xd9\xff\xd9") + segment(0xC4, b"\xff\xd9")
    premier = segment(0xDA, b"\1\1\0\0\0\1") + b"octet \xff\0 reprises \xff\xd0 \xff\xd7 remplissage \xff"
    second = segment(0xDA, b"\1\1\0\1\x3f\0") + b"fin \xff\0\xd9"
    image = CADRE + tables + premier + segment(0xC4, b"\xff\xd9 entre deux") + second + b"\xff\xd9"
    assert recevoir(b"\xff\xd8" + vignette + image + b"suite")[0] == b"\xff\xd8" + image


def test_un_commentaire_entre_deux_balayages_part_aussi():
    premier, second = segment(0xDA, b"\1\1\0\0\0\1") + b"un", segment(0xDA, b"\1\1\0\1\x3f\0") + b"deux\xff\xd9"
    photo = b"\xff\xd8" + CADRE + premier + segment(0xFE, b"secret") + segment(0xE1, b"secret") + second
    assert recevoir(photo)[0] == b"\xff\xd8" + CADRE + premier + second


@pytest.mark.parametrize(
    "photo",
    [
        jpeg()[:-2] + jpeg(),
        jpeg()[:-2] + b"<html>",
        b"\xff\xd8" + CADRE + b"\xff\xd9" + jpeg(),
        b"\xff\xd8\xff\xd9" + jpeg(),
        b"\xff\xd8\xff\xd8" + jpeg()[2:],
        jpeg(JFIF, b"PK\x03\x04"),
        jpeg()[:-2] + segment(0xFE, b"x")[:-1],
        jpeg()[:-2] + b"\xff\xc0\0\4\0\0\xff\xd9",
    ],
)
def test_une_image_sans_fin_ou_sans_image_ne_se_complete_pas_de_la_suite(photo):
    with pytest.raises(Refus) as refus:
        recevoir(photo)
    assert refus.value.code == "fichier_abime"
