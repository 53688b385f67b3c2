"""Chiffrer à sa place : le chiffré déplacé, changé, ou d'une clé absente ne s'ouvre pas ; une rotation ne perd rien."""

from __future__ import annotations

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parchemin.socle.chiffrement import ChiffreIllisible, ClesFausses, Trousseau, lire_trousseau

ANCIENNE, NEUVE = bytes(range(32)), bytes(range(100, 132))
AVANT = Trousseau({"2026": ANCIENNE}, "2026")
APRES = Trousseau({"2027": NEUVE, "2026": ANCIENNE}, "2027")


def ligne(nom: str, octets: bytes) -> str:
    return f"{nom} {b64encode(octets).decode()}\n"


@given(st.text(), st.text())
def test_ce_qui_est_chiffre_s_ouvre_a_sa_place_et_la_seulement(clair, place):
    nom, chiffre = AVANT.chiffrer(clair, lie_a=place)
    assert AVANT.ouvrir(nom, chiffre, lie_a=place) == clair
    with pytest.raises(ChiffreIllisible):
        AVANT.ouvrir(nom, chiffre, lie_a=f"{place} ailleurs")


@given(st.integers(min_value=0), st.integers(1, 255))
def test_un_octet_change_ne_s_ouvre_plus(rang, masque):
    nom, chiffre = AVANT.chiffrer("un clair", lie_a="ici")
    rang %= len(chiffre)
    change = chiffre[:rang] + bytes([chiffre[rang] ^ masque]) + chiffre[rang + 1 :]
    with pytest.raises(ChiffreIllisible):
        AVANT.ouvrir(nom, change, lie_a="ici")


@pytest.mark.parametrize("longueur", range(29))
def test_un_chiffre_coupe_ne_s_ouvre_pas(longueur):
    nom, chiffre = AVANT.chiffrer("x", lie_a="ici")
    with pytest.raises(ChiffreIllisible):
        AVANT.ouvrir(nom, chiffre[:longueur], lie_a="ici")


def test_deux_fois_le_meme_clair_ne_se_ressemblent_pas():
    assert AVANT.chiffrer("x", lie_a="ici")[1] != AVANT.chiffrer("x", lie_a="ici")[1]


def test_une_cle_de_plus_chiffre_et_l_ancienne_ouvre_encore():
    nom, chiffre = AVANT.chiffrer("x", lie_a="ici")
    assert (APRES.ouvrir(nom, chiffre, lie_a="ici"), APRES.chiffrer("x", lie_a="ici")[0]) == ("x", "2027")
    with pytest.raises(ChiffreIllisible):
        APRES.ouvrir("2027", chiffre, lie_a="ici")
    with pytest.raises(ChiffreIllisible):
        Trousseau({"2027": NEUVE}, "2027").ouvrir(nom, chiffre, lie_a="ici")


def test_un_fichier_de_cles_se_lit_et_la_premiere_chiffre():
    lu = lire_trousseau("# les clés\n\n" + ligne("2027", NEUVE) + ligne("2026", ANCIENNE))
    assert lu == APRES


@pytest.mark.parametrize(
    ("texte", "dit"),
    [
        ("", "aucune clé"),
        ("2026 pas-du-base64!", "ligne 1 : ce n'est pas du base64"),
        (ligne("2026", b"trop court"), "ligne 1 : une clé a 32 octets, celle-ci 10"),
        (ligne("2026", NEUVE) * 2, "ligne 2 : un nom de clé sert une fois, et a 40 signes au plus"),
    ],
)
def test_un_fichier_de_cles_faux_se_dit_sans_rien_montrer(texte, dit):
    with pytest.raises(ClesFausses) as faux:
        lire_trousseau(texte)
    assert str(faux.value) == dit
