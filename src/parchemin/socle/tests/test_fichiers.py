"""Un fichier se reconnaît à ce qu'il contient : chaque mensonge est dit."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parchemin.socle.fichiers import PIXELS_MAX, Genre, reconnaitre
from parchemin.socle.refus import Refus


def partie(nom: bytes, contenu: bytes) -> bytes:
    return struct.pack(">I", len(contenu)) + nom + contenu + struct.pack(">I", zlib.crc32(nom + contenu))


def png(largeur: int = 2, hauteur: int = 2) -> bytes:
    entete = struct.pack(">IIBBBBB", largeur, hauteur, 8, 0, 0, 0, 0)
    image = zlib.compress(b"\x00\x00\x00" * 2)
    return b"\x89PNG\r\n\x1a\n" + partie(b"IHDR", entete) + partie(b"IDAT", image) + partie(b"IEND", b"")


def jpeg(largeur: int = 2, hauteur: int = 2) -> bytes:
    cadre = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, hauteur, largeur, 1) + b"\x01\x11\x00"
    return b"\xff\xd8\xff\xe0\x00\x04ab" + cadre + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"image" + b"\xff\xd9"


def pdf(corps: bytes = b"1 0 obj\n<</Type/Catalog>>\nendobj\n") -> bytes:
    debut = b"%PDF-1.7\n" + corps
    return debut + b"xref\n0 1\ntrailer\n<</Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(debut)


def code(octets: bytes, **admis) -> str:
    with pytest.raises(Refus) as refus:
        reconnaitre(octets, **admis)
    return refus.value.code


@pytest.mark.parametrize(("octets", "genre"), [(png(), Genre.PNG), (jpeg(), Genre.JPEG), (pdf(), Genre.PDF)])
def test_les_trois_genres(octets, genre):
    assert reconnaitre(octets) is genre
    assert code(octets, admis=[g for g in Genre if g is not genre]) == "fichier_inconnu"


def test_le_releve_que_l_on_produit_sans_piece_jointe_est_admis():
    from datetime import UTC, datetime

    from parchemin.socle.documents import RACINE, composer

    gabarit = RACINE / "socle" / "gabarits" / "essai.typ"
    gabarit_texte = '#import "/socle/gabarits/commun.typ": *\n#show: document.with(titre: "Essai")\nBonjour.\n'
    gabarit.write_text(gabarit_texte, encoding="utf-8")
    try:
        octets = composer(gabarit, {}, instant=datetime(2026, 11, 24, tzinfo=UTC))
    finally:
        gabarit.unlink()
    assert reconnaitre(octets) is Genre.PDF


@pytest.mark.parametrize(
    ("octets", "attendu"),
    [
        (b"", "fichier_vide"),
        (b"MZ\x90\x00", "fichier_inconnu"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "fichier_inconnu"),
        (b"PK\x03\x04", "fichier_inconnu"),
        (png() + b"<?php", "fichier_abime"),
        (png()[:-4], "fichier_abime"),
        (png().replace(b"IDAT", b"IDAX"), "fichier_abime"),
        (b"\x89PNG\r\n\x1a\n" + partie(b"IDAT", b"x") + partie(b"IEND", b""), "fichier_abime"),
        (png(PIXELS_MAX, 2), "image_trop_grande"),
        (png(0, 2), "fichier_abime"),
        (jpeg()[:-2], "fichier_abime"),
        (jpeg()[:12], "fichier_abime"),
        (jpeg(60_000, 60_000), "image_trop_grande"),
        (b"\xff\xd8\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00x\xff\xd9", "fichier_abime"),
        (b"%PDF-9.9\n", "fichier_abime"),
        (pdf() + b"MZ", "fichier_abime"),
        (pdf().replace(b"startxref\n", b"startxref\n99999"), "fichier_abime"),
        (pdf(b"1 0 obj\n<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>\nendobj\n"), "pdf_actif"),
        (pdf(b"1 0 obj\n<</S/#4Aava#53cript>>\nendobj\n"), "pdf_actif"),
        (pdf(b"1 0 obj\n<</S/Launch>>\nendobj\n"), "pdf_actif"),
        (pdf(b"1 0 obj\n<<>>stream\n" + zlib.compress(b"<</S/JavaScript>>") + b"\nendstream\nendobj\n"), "pdf_actif"),
        (pdf(b"1 0 obj\n<</Encrypt 2 0 R>>\nendobj\n"), "pdf_chiffre"),
        (pdf(b"1 0 obj\n<<>>stream\n" + zlib.compress(b"/a" + b"\x00" * 60_000_000) + b"\nendstream\n"), "fichier_abime"),
    ],
)  # fmt: skip
def test_chaque_mensonge_est_dit(octets, attendu):
    assert code(octets) == attendu


def test_un_fichier_trop_grand_ne_s_ouvre_pas():
    assert code(png() + b"x" * 100, octets_max=50) == "fichier_trop_grand"


@pytest.mark.parametrize("genre", Genre)
def test_l_extension_est_la_notre(genre):
    assert genre.extension == {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}[genre]


@given(st.sampled_from([b"", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"]), st.binary(max_size=300))
def test_n_importe_quels_octets_donnent_un_genre_ou_un_refus(signature, suite):
    try:
        rendu = reconnaitre(signature + suite).value
    except Refus as refus:
        rendu = refus.code
    assert rendu.startswith(("fichier_", "image_", "pdf_", "image/", "application/"))


@given(st.sampled_from([png(), jpeg(), pdf()]), st.integers(min_value=1, max_value=8))
def test_un_fichier_coupe_n_est_jamais_admis(octets, coupe):
    assert code(octets[:-coupe] if not octets.endswith(b"\n") else octets[: -coupe - 1]) == "fichier_abime"
