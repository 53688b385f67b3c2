"""Deux mois pour déclarer : l'échéance, les jours qui restent, quand on presse."""

from __future__ import annotations

from datetime import date, timedelta

from moteur.delais import ajouter_mois
from moteur.regles import changement_a_declarer
from moteur.regles.changement_a_declarer import Delai, delai, echeance

EFFET = date(2026, 12, 31)


def test_le_delai_est_de_deux_mois_de_quantieme_a_quantieme() -> None:
    assert echeance(EFFET) == date(2027, 2, 28)
    for rang in range(4 * 365 + 1):
        jour = date(2024, 1, 1) + timedelta(days=rang)
        assert echeance(jour) == ajouter_mois(jour, 2)


def test_le_dernier_jour_compte_encore() -> None:
    dernier = date(2027, 2, 28)
    vus = {jour: delai(EFFET, dernier + timedelta(days=jour)) for jour in (-31, -30, -1, 0, 1)}
    assert vus == {jour: Delai(dernier, -jour) for jour in (-31, -30, -1, 0, 1)}
    assert [vus[jour].depasse for jour in (-31, -30, -1, 0, 1)] == [False, False, False, False, True]
    assert [vus[jour].approche for jour in (-31, -30, -1, 0, 1)] == [False, True, True, True, True]


def test_la_regle_a_un_code_une_phrase_et_une_source() -> None:
    assert changement_a_declarer.CODE == "CHANGEMENT-A-DECLARER"
    assert "deux mois, toute modification portant sur ces habilitations." in (changement_a_declarer.__doc__ or "")
    assert "R6113-16-5" in changement_a_declarer.SOURCE
    assert (changement_a_declarer.DEPUIS, changement_a_declarer.JUSQU_A) == ("9 juin 2025 (décret n° 2025-500)", None)
