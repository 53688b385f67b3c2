"""Ce qui menace une épreuve : toutes les situations contre une table écrite autrement, et ce qui s'ordonne."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest

from moteur.regles import epreuve_a_risque
from moteur.regles.delai_de_convocation import TABLE_PAR_DEFAUT
from moteur.regles.epreuve_a_risque import Gravite, Menace, Situation, menaces

EPREUVE = date(2026, 12, 15)
BON = Situation(EPREUVE, evaluateurs=2, convoquee=True)


def dites(situation: Situation, avant: int) -> list[tuple[str, bool]]:
    """Les menaces, et si chacune est un retard, tant de jours avant l'épreuve."""
    vues = menaces(situation, jour=EPREUVE - timedelta(days=avant), table=TABLE_PAR_DEFAUT, reponse_jours=7)
    return [(menace.value, gravite is Gravite.RETARD) for menace, gravite in vues]


def test_une_epreuve_prete_n_est_menacee_que_par_son_heure() -> None:
    assert [dites(BON, avant) for avant in (40, 21, 20, 1, 0)] == [[]] * 5
    assert dites(BON, -1) == [("passee", True)]


@pytest.mark.parametrize("avant", range(-2, 40))
def test_toutes_les_situations(avant: int) -> None:
    for evaluateurs, convoquee, refus, suspendue, carnet in product(
        (0, 1, 2), (True, False), (0, 2), (True, False), (True, False)
    ):
        situation = Situation(EPREUVE, evaluateurs, convoquee, refus, (), suspendue, carnet)
        retards, risques = set(), set()
        if suspendue:
            retards.add("suspendue")
        if avant < 0:
            retards.add("passee")
        else:
            if refus:
                retards.add("refus")
            tardives = retards if avant < 21 else risques
            if evaluateurs != 2:
                tardives.add("sans_evaluateurs")
            elif not convoquee:
                tardives.add("non_convoquee")
            if not carnet:
                tardives.add("carnet")
        vues = dites(situation, avant)
        assert ({m for m, retard in vues if retard}, {m for m, retard in vues if not retard}) == (retards, risques)
        assert [retard for _, retard in vues] == sorted((retard for _, retard in vues), reverse=True)


def test_une_reponse_a_ses_jours_puis_c_est_un_risque() -> None:
    def attend(depuis: int, avant: int) -> list[tuple[str, bool]]:
        return dites(Situation(EPREUVE, 2, convoquee=True, attendent=(EPREUVE - timedelta(days=depuis),)), avant)

    assert [attend(30, avant) for avant in (30, 23)] == [[], []]
    assert attend(30, 22) == [("sans_reponse", False)]
    assert attend(30, -1) == [("passee", True)]
    deux = Situation(EPREUVE, 2, convoquee=True, attendent=(EPREUVE, EPREUVE - timedelta(days=30)))
    assert dites(deux, 10) == [("sans_reponse", False)]


def test_l_ordre_est_celui_de_l_urgence() -> None:
    tout = Situation(EPREUVE, 1, convoquee=False, refus=1, suspendue=True, carnet_en_regle=False)
    assert dites(tout, 30) == [
        ("suspendue", True),
        ("refus", True),
        ("sans_evaluateurs", False),
        ("carnet", False),
    ]
    assert [menace.value for menace in Menace] == [
        "passee",
        "suspendue",
        "refus",
        "sans_evaluateurs",
        "carnet",
        "non_convoquee",
        "sans_reponse",
    ]
    assert [gravite.value for gravite in Gravite] == [0, 1]


def test_la_regle_a_un_code_une_phrase_et_une_source() -> None:
    assert epreuve_a_risque.CODE == "EPREUVE-A-RISQUE"
    assert (epreuve_a_risque.__doc__ or "").startswith("Ce qui menace une épreuve se dit avant le jour dit")
    assert "convocation_reponse_jours" in epreuve_a_risque.SOURCE
    assert epreuve_a_risque.DEPUIS == "règlement du 19 avril 2021"
    assert epreuve_a_risque.JUSQU_A is None
