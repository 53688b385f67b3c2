"""La double saisie d'une grille papier : contre une lecture naïve, sur toutes les petites feuilles, puis au hasard."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moteur.regles.double_saisie import differences, reunir
from moteur.vocabulaire import Refus

ETATS = (None, "valide", "non_valide", "non_observe")
CIBLES = ("critere:K1", "critere:K2")


def feuille(etats: tuple[str | None, ...]) -> dict[str, object]:
    return {cible: etat for cible, etat in zip(CIBLES, etats, strict=True) if etat is not None}


def test_toutes_les_paires_de_feuilles_de_deux_criteres() -> None:
    for une, deux in product(product(ETATS, repeat=2), repeat=2):
        attendues = tuple(cible for cible, a, b in zip(CIBLES, une, deux, strict=True) if a != b)
        assert differences(feuille(une), feuille(deux)) == attendues
        for decidees in product(ETATS, repeat=len(attendues)):
            retenus = dict(zip(attendues, decidees, strict=True))
            lues = {
                cible: retenus.get(cible, a) if cible in retenus else a for cible, a in zip(CIBLES, une, strict=True)
            }
            assert reunir(feuille(une), feuille(deux), retenus) == {c: v for c, v in lues.items() if v is not None}


VALEURS = st.none() | st.booleans() | st.integers(0, 90) | st.text(max_size=12)
SAISIES = st.dictionaries(st.sampled_from([f"cible:{n}" for n in range(6)]), VALEURS, max_size=6)


@given(SAISIES, SAISIES)
def test_l_ordre_des_saisies_ne_compte_pas(une: dict[str, object], deux: dict[str, object]) -> None:
    assert differences(une, deux) == differences(deux, une)


@given(SAISIES)
def test_semblables_elles_se_reunissent_sans_rien_inventer(une: dict[str, object]) -> None:
    assert differences(une, dict(une)) == ()
    assert reunir(une, dict(une), {}) == {cible: une[cible] for cible in sorted(une) if une[cible] is not None}


@given(SAISIES, SAISIES)
def test_rien_n_entre_que_nul_n_a_saisi(une: dict[str, object], deux: dict[str, object]) -> None:
    retenus = {cible: deux.get(cible) for cible in differences(une, deux)}
    reunie = reunir(une, deux, retenus)
    for cible, valeur in reunie.items():
        assert valeur in (une.get(cible), deux.get(cible))


@given(SAISIES, SAISIES)
def test_une_difference_oubliee_ou_une_decision_de_trop_est_refusee(
    une: dict[str, object], deux: dict[str, object]
) -> None:
    retenus: dict[str, object] = dict.fromkeys(differences(une, deux), True)
    for faux in ({**retenus, "cible:inconnue": True}, dict(list(retenus.items())[1:])):
        if faux != retenus:
            with pytest.raises(Refus) as refus:
                reunir(une, deux, faux)
            assert (refus.value.code, refus.value.message) == (
                "differences_a_regler",
                "Réglez chaque différence entre les deux saisies, et elles seules.",
            )


@pytest.mark.parametrize(
    ("une", "deux"),
    [("Deux\n phrases ", "Deux phrases"), ({"motif": "Une  adresse", "x": True}, {"motif": "Une adresse", "x": True})],
    ids=("texte", "courrier"),
)
def test_les_blancs_ne_font_pas_une_difference(une: object, deux: object) -> None:
    assert differences({"c": une}, {"c": deux}) == ()


def test_un_mot_ou_une_case_en_font_une() -> None:
    assert differences({"c": "adresse"}, {"c": "Adresse"}) == ("c",)
    assert differences({"c": {"motif": "x", "p": True}}, {"c": {"motif": "x", "p": False}}) == ("c",)
    assert differences({"c": {"motif": "x", "p": True}}, {"c": {"motif": "y", "p": True}}) == ("c",)
    assert differences({"c": {"motif": "x"}}, {"c": {"texte": "x"}}) == ("c",)
    assert differences({"c": 1}, {"c": True}) == ("c",)
    assert differences({"c": None}, {}) == ()
