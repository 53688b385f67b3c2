"""Les carences : aucune épreuve sans issue, une horloge qui se compte en jours, un remplaçant qui juge ce qu'il peut."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest

from moteur.regles.carences import (
    ACTES,
    POSSIBLES,
    TABLE_PAR_DEFAUT,
    Acte,
    Consequence,
    Etape,
    Horloge,
    a_lever,
    defauts,
    suites,
)
from moteur.regles.grille_complete import Manque


def test_chaque_acte_est_d_un_moment_et_d_un_seul() -> None:
    assert sorted(acte for actes in ACTES.values() for acte in actes) == sorted(Acte)
    assert set(ACTES) == set(POSSIBLES) == set(Etape)


def test_la_table_par_defaut_n_a_aucun_cul_de_sac() -> None:
    assert defauts(TABLE_PAR_DEFAUT) == ()
    assert set(TABLE_PAR_DEFAUT) == set(Acte)


@pytest.mark.parametrize("acte", Acte)
def test_une_ligne_qui_manque_ou_qui_ne_fait_que_relancer_se_voit(acte: Acte) -> None:
    attendu = (f"« {acte} » n'a aucune suite qui dénoue",)
    assert defauts({a: s for a, s in TABLE_PAR_DEFAUT.items() if a != acte}) == attendu
    assert defauts({**TABLE_PAR_DEFAUT, acte: (Consequence.RELANCER,)}) == attendu


def test_une_suite_qui_n_a_pas_de_sens_a_ce_moment_se_voit() -> None:
    for etape, actes in ACTES.items():
        for acte, suite in product(actes, Consequence):
            trouves = defauts({**TABLE_PAR_DEFAUT, acte: (*TABLE_PAR_DEFAUT[acte], suite)})
            attendu = () if suite in POSSIBLES[etape] else (f"« {acte} » ne peut pas avoir pour suite {suite}",)
            assert trouves == attendu


def test_les_deux_defauts_d_une_meme_ligne_se_disent() -> None:
    table = {**TABLE_PAR_DEFAUT, Acte.ACCORD_TARDIF: (Consequence.ETABLIR, Consequence.REMPLACER)}
    assert defauts(table) == (
        "« accord_tardif » ne peut pas avoir pour suite etablir, remplacer",
        "« accord_tardif » n'a aucune suite qui dénoue",
    )


@pytest.mark.parametrize("etape", Etape)
def test_ce_que_l_on_peut_faire(etape: Etape) -> None:
    tardif, empechement = ACTES[etape]
    for en_retard, empeche in product((True, False), repeat=2):
        attendu = []
        for consequence in (
            *(TABLE_PAR_DEFAUT[tardif] if en_retard else ()),
            *(TABLE_PAR_DEFAUT[empechement] if empeche else ()),
        ):
            if consequence not in attendu:
                attendu.append(consequence)
        assert suites(TABLE_PAR_DEFAUT, etape, en_retard=en_retard, empeche=empeche) == tuple(attendu)


def test_l_horloge_se_compte_en_jours_le_dernier_compte_encore() -> None:
    horloge = Horloge(date(2026, 11, 20), jours=7, relance=2)
    assert horloge.echeance == date(2026, 11, 27)
    attendus = {-30: 0, 0: 0, 7: 0, 8: 1, 9: 2, 10: 3, 11: 4, 12: 5}
    for ecart, retard in attendus.items():
        jour = date(2026, 11, 20) + timedelta(days=ecart)
        assert (horloge.retard(jour), horloge.relance_due(jour)) == (retard, ecart in (8, 10, 12))


def test_une_relance_par_jour() -> None:
    horloge = Horloge(date(2026, 11, 20), jours=1, relance=1)
    assert [horloge.relance_due(date(2026, 11, 21) + timedelta(days=n)) for n in range(4)] == [False, True, True, True]


@pytest.mark.parametrize("tous_les", range(1, 6))
def test_la_relance_part_le_lendemain_puis_a_pas_regulier(tous_les: int) -> None:
    horloge = Horloge(date(2026, 11, 20), jours=3, relance=tous_les)
    dues = [ecart for ecart in range(20) if horloge.relance_due(date(2026, 11, 20) + timedelta(days=ecart))]
    assert dues == list(range(4, 20, tous_les))


def test_un_remplacant_peut_dire_non_observe_les_autres_non() -> None:
    non_observe = Manque("critere_non_observe", "critere:K1", "…")
    ouvert = Manque("critere_ouvert", "critere:K2", "…")
    assert a_lever((non_observe, ouvert), remplacant=True) == (ouvert,)
    assert a_lever((non_observe, ouvert), remplacant=False) == (non_observe, ouvert)
