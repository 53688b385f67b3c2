"""L'escalade : chaque jour de deux mois, contre une table écrite à la main ; et ce qui rend une table fausse."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moteur.regles import escalade_du_carnet
from moteur.regles.escalade_du_carnet import TABLE_PAR_DEFAUT, Attente, Palier, attente, defauts

DEPUIS = date(2026, 1, 31)


@pytest.mark.parametrize("passes", range(-2, 60))
def test_chaque_jour_a_son_palier(passes: int) -> None:
    if passes < 7:
        attendu = Attente(Palier.ATTESTANT, Palier.MANAGER, date(2026, 2, 7))
    elif passes < 14:
        attendu = Attente(Palier.MANAGER, Palier.GESTIONNAIRE, date(2026, 2, 14))
    elif passes < 30:
        attendu = Attente(Palier.GESTIONNAIRE, Palier.RESPONSABLE, date(2026, 3, 2))
    else:
        attendu = Attente(Palier.RESPONSABLE, None, None)
    assert attente(TABLE_PAR_DEFAUT, DEPUIS, DEPUIS + timedelta(days=passes)) == attendu


def test_le_premier_jour_reste_a_qui_atteste_meme_si_le_palier_suivant_est_pour_le_lendemain() -> None:
    table = tuple(zip(Palier, (0, 1, 2, 3), strict=True))
    attendus = [Palier.ATTESTANT, *Palier]
    assert [attente(table, DEPUIS, DEPUIS + timedelta(days=jours)).palier for jours in range(-1, 4)] == attendus


@given(
    st.lists(st.integers(1, 90), min_size=3, max_size=3, unique=True).map(sorted),
    st.integers(0, 200),
    st.integers(0, 60),
)
def test_une_attente_ne_redescend_jamais_et_l_annonce_est_tenue(jours: list[int], passes: int, encore: int) -> None:
    table = tuple(zip(Palier, (0, *jours), strict=True))
    assert defauts(table) == ()
    avant = attente(table, DEPUIS, DEPUIS + timedelta(days=passes))
    apres = attente(table, DEPUIS, DEPUIS + timedelta(days=passes + encore))
    assert apres.atteint(avant.palier)
    if avant.le is not None and avant.prochain is not None:
        assert attente(table, DEPUIS, avant.le).palier is avant.prochain
        assert attente(table, DEPUIS, avant.le - timedelta(days=1)).palier is avant.palier


def test_les_paliers_s_ordonnent() -> None:
    atteints = [[Attente(p, None, None).atteint(q) for q in Palier] for p in Palier]
    assert atteints == [[rang >= autre for autre in range(4)] for rang in range(4)]


def test_chaque_defaut_d_une_table_se_dit() -> None:
    ordre = "les paliers sont, dans cet ordre : attestant, manager, gestionnaire, responsable"
    assert defauts(TABLE_PAR_DEFAUT) == ()
    assert defauts(TABLE_PAR_DEFAUT[:3]) == (ordre,)
    assert defauts((TABLE_PAR_DEFAUT[1], TABLE_PAR_DEFAUT[0], *TABLE_PAR_DEFAUT[2:])) == (
        ordre,
        "le premier palier commence aussitôt (0 jour)",
        "chaque palier commence plus tard que celui d'avant",
    )
    egaux = ((Palier.ATTESTANT, 0), (Palier.MANAGER, 7), (Palier.GESTIONNAIRE, 7), (Palier.RESPONSABLE, 30))
    assert defauts(egaux) == ("chaque palier commence plus tard que celui d'avant",)
    assert defauts(()) == (ordre, "le premier palier commence aussitôt (0 jour)")


def test_la_regle_a_un_code_une_phrase_et_une_source() -> None:
    assert escalade_du_carnet.CODE == "ESCALADE-DU-CARNET"
    assert (escalade_du_carnet.__doc__ or "").startswith("Une attestation qui tarde ne reste pas sans personne")
    assert "carnet_escalade" in escalade_du_carnet.SOURCE
    assert escalade_du_carnet.DEPUIS == "règlement du 19 avril 2021"
    assert escalade_du_carnet.JUSQU_A is None
