"""Deux lectures, un résultat : on ne revient que sur ce qui diffère."""

from __future__ import annotations

from itertools import product

import pytest

from moteur.regles.accord import au_jury_d_office, differences, motif_exige, resultat_commun
from moteur.vocabulaire import Etat, Refus

V, N, NO = Etat.VALIDE, Etat.NON_VALIDE, Etat.NON_OBSERVE


def test_les_differences_dans_l_ordre_de_la_premiere_lecture() -> None:
    assert differences({"K2": V, "K1": V, "K3": N}, {"K1": N, "K2": N, "K3": N}) == ("K2", "K1")
    assert differences({"K1": V}, {"K1": V}) == ()


def test_toutes_les_paires_de_lectures_de_trois_criteres_et_toutes_les_facons_de_trancher() -> None:
    codes = ("K1", "K2", "K3")
    for etats1, etats2 in product(product((V, N), repeat=3), repeat=2):
        lecture1, lecture2 = dict(zip(codes, etats1, strict=True)), dict(zip(codes, etats2, strict=True))
        a_trancher = [code for code in codes if lecture1[code] is not lecture2[code]]
        assert differences(lecture1, lecture2) == tuple(a_trancher)
        for choix in product((V, N), repeat=len(a_trancher)):
            tranches = dict(zip(a_trancher, choix, strict=True))
            attendu = {code: tranches.get(code, lecture1[code]) for code in codes}
            assert resultat_commun(lecture1, lecture2, tranches) == attendu
            assert resultat_commun(lecture2, lecture1, tranches) == attendu


def test_le_resultat_garde_l_ordre_de_la_lecture() -> None:
    assert list(resultat_commun({"K2": V, "K1": N}, {"K1": N, "K2": V}, {})) == ["K2", "K1"]


REFUS = [
    ({"K1": V}, {"K1": V}, {"K1": N}, "critere_concordant", "Les deux lectures ne diffèrent pas sur « K1 » : il ne se rediscute pas."),
    ({"K1": V}, {"K1": N}, {"K1": V, "K9": V}, "critere_concordant", "Les deux lectures ne diffèrent pas sur « K9 » : il ne se rediscute pas."),
    ({"K1": V, "K2": V}, {"K1": N, "K2": N}, {"K1": V}, "critere_non_tranche", "Il reste à trancher ensemble : K2."),
    ({"K1": V, "K2": V}, {"K1": N, "K2": N}, {}, "critere_non_tranche", "Il reste à trancher ensemble : K1 et K2."),
    ({"K1": V}, {"K1": N}, {"K1": NO}, "critere_non_tranche", "Il reste à trancher ensemble : K1."),
    ({"K1": NO}, {"K1": N}, {}, "lecture_incomplete", "Une lecture n'est pas complète : K1."),
    ({"K1": V, "K2": N}, {"K1": NO, "K2": NO}, {}, "lecture_incomplete", "Une lecture n'est pas complète : K1 et K2."),
    ({"K1": V}, {"K2": V}, {}, "lecture_incomplete", "Les deux lectures ne portent pas sur les mêmes critères."),
    ({"K1": V}, {"K1": V, "K2": V}, {}, "lecture_incomplete", "Les deux lectures ne portent pas sur les mêmes critères."),
]  # fmt: skip


@pytest.mark.parametrize(("lecture1", "lecture2", "tranches", "code", "message"), REFUS, ids=range(len(REFUS)))
def test_les_refus(
    lecture1: dict[str, Etat], lecture2: dict[str, Etat], tranches: dict[str, Etat], code: str, message: str
) -> None:
    with pytest.raises(Refus) as refus:
        resultat_commun(lecture1, lecture2, tranches)
    assert (refus.value.code, refus.value.message) == (code, message)


def test_ce_qu_une_lecture_n_a_pas_pu_juger_va_au_jury() -> None:
    for etats in product((V, N, NO), repeat=4):
        lecture1, lecture2 = {"K1": etats[0], "K2": etats[1]}, {"K2": etats[3], "K1": etats[2]}
        attendu = tuple(code for code in ("K1", "K2") if NO in (lecture1[code], lecture2[code]))
        assert au_jury_d_office(lecture1, lecture2) == attendu


def test_qui_bouge_dit_pourquoi() -> None:
    assert not motif_exige(ma_lecture=V, choix=V, rejoint=True)
    assert motif_exige(ma_lecture=V, choix=V, rejoint=False)
    assert motif_exige(ma_lecture=V, choix=N, rejoint=True)
    assert motif_exige(ma_lecture=V, choix=N, rejoint=False)
