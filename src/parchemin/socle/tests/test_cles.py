"""Clés de tri et de recherche : l'ordre d'un annuaire français, la recherche sans accents."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parchemin.socle.cles import cle_recherche, cle_tri

ANNUAIRE = ["Abel", "d'Arc", "Élan", "Nguyễn", "Œuvrard", "Zoé"]
"""Dans l'ordre d'un annuaire : les accents, les ligatures et l'apostrophe ne déplacent personne."""


def test_l_ordre_des_octets_de_la_cle_est_celui_d_un_annuaire() -> None:
    melange = ["Zoé", "Œuvrard", "Élan", "Nguyễn", "d'Arc", "Abel"]
    assert sorted(melange, key=lambda nom: cle_tri(nom).encode()) == ANNUAIRE


def test_sans_cle_l_ordre_serait_faux() -> None:
    assert sorted(ANNUAIRE) != ANNUAIRE


def test_les_accents_ne_departagent_que_des_noms_de_memes_lettres() -> None:
    assert sorted(["Péan", "Pean", "Peas", "Péa"], key=cle_tri) == ["Péa", "Pean", "Péan", "Peas"]


def test_tirets_espaces_et_apostrophes_ne_comptent_pas_dans_l_ordre() -> None:
    noms = ["Le Guen", "Lebrun", "L'Hostis", "Le-Bris", "Lefèvre", "de La Tour", "Delaporte"]
    assert sorted(noms, key=cle_tri) == [
        "Delaporte",
        "de La Tour",
        "Le-Bris",
        "Lebrun",
        "Lefèvre",
        "Le Guen",
        "L'Hostis",
    ]


@pytest.mark.parametrize(
    ("nom", "cle"),
    [
        ("Abel", "abel"),
        ("Élan", "elan"),
        ("Zoé", "zoe"),
        ("Œuvrard", "oeuvrard"),
        ("d'Arc", "d arc"),
        ("d’Arc", "d arc"),
        ("Nguyễn", "nguyen"),
        ("Đặng", "dang"),
        ("Çelik", "celik"),
        ("Straße", "strasse"),
        ("Lætitia", "laetitia"),
        ("Østergård", "ostergard"),
        ("  Jean-Noël   Łukasz ", "jean noel lukasz"),
        ("", ""),
        ("— ’", ""),
        ("CPAM 93", "cpam 93"),
    ],
)
def test_recherche(nom: str, cle: str) -> None:
    assert cle_recherche(nom) == cle


@pytest.mark.parametrize("nom", [*ANNUAIRE, "Đặng", "Noël", "İsmail"])
def test_la_forme_unicode_recue_ne_change_rien(nom: str) -> None:
    """Un nom collé depuis un fichier macOS arrive décomposé (NFD) : c'est le même nom."""
    decompose = unicodedata.normalize("NFD", nom)
    assert (cle_tri(decompose), cle_recherche(decompose)) == (cle_tri(nom), cle_recherche(nom))


@pytest.mark.parametrize("nom", ANNUAIRE)
def test_la_casse_ne_change_rien(nom: str) -> None:
    assert (cle_tri(nom.upper()), cle_recherche(nom.upper())) == (cle_tri(nom), cle_recherche(nom))


@given(st.text())
def test_la_cle_de_recherche_est_stable_et_sans_accent(texte: str) -> None:
    cle = cle_recherche(texte)
    assert cle_recherche(cle) == cle
    assert set(cle) <= set("0123456789abcdefghijklmnopqrstuvwxyz ")
    assert cle == " ".join(cle.split())


@given(st.text(alphabet="aàbcçdeéèfœoæ' -", max_size=8), st.text(alphabet="aàbcçdeéèfœoæ' -", max_size=8))
def test_deux_noms_de_lettres_differentes_se_rangent_par_leurs_lettres(un: str, autre: str) -> None:
    lettres = [cle_recherche(nom).replace(" ", "") for nom in (un, autre)]
    if lettres[0] < lettres[1]:
        assert cle_tri(un) < cle_tri(autre)
