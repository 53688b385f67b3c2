"""Le JSON canonique : les mêmes octets dans tout langage, ou un refus."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moteur.empreinte import ENTIER_MAXIMAL, canonique, empreinte
from moteur.vocabulaire import Etat, Refus


def test_les_octets_exacts() -> None:
    objet = {"é": [1, True, False, None], "a": {"c": -3, "b": ""}, "z": ("x",)}
    assert canonique(objet) == '{"a":{"b":"","c":-3},"z":["x"],"é":[1,true,false,null]}'.encode()


def test_les_echappements_de_la_rfc_8785() -> None:
    assert canonique("\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/\b\t\f\r\x7f\u2028") == (
        '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/\\b\\t\\f\\r\x7f\u2028"'.encode()
    )


def test_les_cles_se_trient_par_unites_utf_16() -> None:
    # L'exemple de la RFC 8785 : U+1F600 (D83D DE00 en UTF-16) passe avant U+FB33.
    cles = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\x80", "\u00f6"]
    attendu = ["\r", "1", "\x80", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(json.loads(canonique(dict.fromkeys(cles, 0)))) == attendu


def test_l_empreinte_est_le_sha_256_des_octets() -> None:
    assert empreinte({}) == hashlib.sha256(b"{}").hexdigest()
    assert empreinte({"a": 1}) == "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"


def test_un_mot_d_enumeration_vaut_son_texte() -> None:
    assert canonique({Etat.VALIDE: Etat.NON_VALIDE}) == b'{"valide":"non_valide"}'


def test_le_texte_n_est_pas_normalise() -> None:
    assert empreinte("\u00e9") != empreinte("e\u0301")


REFUS = [
    (1.0, "type_non_canonique", "Une valeur de type « float » ne peut pas être scellée."),
    ([{"a": 0.5}], "type_non_canonique", "Une valeur de type « float » ne peut pas être scellée."),
    ({1: "a"}, "type_non_canonique", "La clé 1 n'est pas une chaîne ; l'objet ne peut pas être scellé."),
    ({"a"}, "type_non_canonique", "Une valeur de type « set » ne peut pas être scellée."),
    (b"a", "type_non_canonique", "Une valeur de type « bytes » ne peut pas être scellée."),
    (2**53, "entier_trop_grand", "L'entier 9007199254740992 dépasse 2^53 − 1 ; il ne peut pas être scellé."),
    (-(2**53), "entier_trop_grand", "L'entier -9007199254740992 dépasse 2^53 − 1 ; il ne peut pas être scellé."),
    ("\ud800", "texte_invalide", "Un texte contient un caractère incomplet ; il ne peut pas être scellé."),
    ({"\udc00": 1}, "texte_invalide", "Un texte contient un caractère incomplet ; il ne peut pas être scellé."),
]


@pytest.mark.parametrize(("objet", "code", "message"), REFUS, ids=range(len(REFUS)))
def test_les_refus(objet: object, code: str, message: str) -> None:
    with pytest.raises(Refus) as refus:
        canonique(objet)
    assert (refus.value.code, refus.value.message) == (code, message)


def test_les_plus_grands_entiers_passent() -> None:
    assert canonique([ENTIER_MAXIMAL, -ENTIER_MAXIMAL]) == b"[9007199254740991,-9007199254740991]"


def test_un_objet_qui_se_contient_est_refuse() -> None:
    boucle: list[object] = []
    boucle.append(boucle)
    with pytest.raises(Refus) as refus:
        canonique(boucle)
    assert (refus.value.code, refus.value.message) == ("trop_profond", "L'objet est trop imbriqué pour être scellé.")


TEXTES = st.text(st.characters(exclude_categories=["Cs"]))
VALEURS = st.recursive(
    st.none() | st.booleans() | st.integers(-ENTIER_MAXIMAL, ENTIER_MAXIMAL) | TEXTES,
    lambda enfants: st.lists(enfants) | st.dictionaries(TEXTES, enfants),
    max_leaves=20,
)


@given(VALEURS)
def test_tout_lecteur_json_relit_la_meme_valeur(valeur: object) -> None:
    assert json.loads(canonique(valeur)) == valeur
    assert canonique(json.loads(canonique(valeur))) == canonique(valeur)


@given(st.dictionaries(TEXTES, VALEURS))
def test_l_ordre_des_cles_ne_compte_pas(objet: dict[str, object]) -> None:
    assert canonique(dict(reversed(objet.items()))) == canonique(objet)
