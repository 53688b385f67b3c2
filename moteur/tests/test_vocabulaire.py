"""Les mots : seuils exacts, verdicts à trois valeurs, refus."""

from __future__ import annotations

from fractions import Fraction

import pytest

from moteur.vocabulaire import VERDICT_DE, Etat, Refus, Seuil, au_moins


@pytest.mark.parametrize(("n", "requis"), [(3, 3), (4, 4), (5, 4), (6, 5), (1, 1), (10, 8), (11, 9)])
def test_quatre_cinquiemes(n: int, requis: int) -> None:
    assert Seuil(4, 5).requis(n) == requis


def test_le_requis_est_le_plus_petit_entier_qui_atteint_la_fraction() -> None:
    for denominateur in range(1, 13):
        for numerateur in range(1, denominateur + 1):
            for n in range(1, 41):
                requis = Seuil(numerateur, denominateur).requis(n)
                assert Fraction(requis, n) >= Fraction(numerateur, denominateur)
                assert Fraction(requis - 1, n) < Fraction(numerateur, denominateur)


@pytest.mark.parametrize(
    ("numerateur", "denominateur"), [(0, 5), (-1, 5), (6, 5), (0, 0), (1, 0), (True, 1), (1, True), (0.5, 1), (1, 2.0)]
)
def test_un_seuil_hors_de_0_1_ou_non_entier_est_refuse(numerateur: int, denominateur: int) -> None:
    with pytest.raises(Refus) as refus:
        Seuil(numerateur, denominateur)
    assert refus.value.code == "seuil_invalide"
    assert refus.value.message == (
        f"Le seuil {numerateur!r}/{denominateur!r} doit être une fraction d'entiers, "
        "plus grande que 0 et au plus égale à 1."
    )


def test_un_seuil_de_1_est_permis_et_se_lit() -> None:
    assert Seuil(1, 1).requis(7) == 7
    assert str(Seuil(4, 5)) == "4/5"


def test_un_refus_se_lit_et_se_compare() -> None:
    refus = Refus("trop_tard", "La grille est close.")
    assert (refus.code, refus.message, str(refus)) == ("trop_tard", "La grille est close.", "La grille est close.")
    assert repr(refus) == "Refus('trop_tard', 'La grille est close.')"


def test_les_etats_gardes_en_base_ne_changent_pas() -> None:
    assert {etat.value: VERDICT_DE[etat] for etat in Etat} == {
        "valide": True,
        "non_valide": False,
        "non_observe": None,
    }


@pytest.mark.parametrize(
    ("requis", "verdicts", "attendu"),
    [
        (2, [True, True, False], True),
        (2, [True, False, False], False),
        (2, [True, None, False], None),
        (2, [True, True, None], True),
        (2, [None, False, False], False),
        (2, [None, None, False], None),
        (1, [None], None),
        (1, [], False),
    ],
)
def test_au_moins(requis: int, verdicts: list[bool | None], attendu: bool | None) -> None:
    assert au_moins(requis, verdicts) is attendu
