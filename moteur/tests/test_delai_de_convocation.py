"""Le délai de convocation : chaque jour de deux mois contre une table écrite à la main ; ce qui rend une table fausse."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moteur.regles import delai_de_convocation
from moteur.regles.delai_de_convocation import (
    PLANCHER_LEGAL,
    TABLE_PAR_DEFAUT,
    Avis,
    Delai,
    Destinataire,
    defauts,
    du_destinataire,
)
from moteur.vocabulaire import Refus

EPREUVE = date(2028, 3, 10)


@pytest.mark.parametrize("avant", range(-3, 60))
def test_chaque_jour_de_deux_mois(avant: int) -> None:
    """Un évaluateur : à temps à 21 jours, avec un motif jusqu'à 15, plus rien ensuite ; février y a vingt-neuf jours."""
    jour = EPREUVE - timedelta(days=avant)
    if avant >= 21:
        attendus = ("a_temps", "a_temps", "a_temps")
    elif avant >= 15:
        attendus = ("convocation_tardive", "a_temps", "a_temps")
    elif avant >= 0:
        attendus = ("convocation_impossible", "convocation_tardive", "convocation_tardive")
    else:
        attendus = ("convocation_impossible", "convocation_impossible", "convocation_impossible")
    assert tuple(ligne.avis(jour, EPREUVE).value for ligne in TABLE_PAR_DEFAUT) == attendus


def test_les_bornes_se_disent_en_jours() -> None:
    evaluateur = du_destinataire(TABLE_PAR_DEFAUT, Destinataire.EVALUATEUR)
    assert evaluateur.dernier_jour(EPREUVE) == date(2028, 2, 18)
    assert evaluateur.dernier_possible(EPREUVE) == date(2028, 2, 24)
    assert evaluateur.premiere_date(date(2028, 2, 24)) == EPREUVE
    ferme = Delai(Destinataire.EVALUATEUR, 21, 15)
    assert (ferme.dernier_possible(EPREUVE), ferme.premiere_date(date(2028, 2, 18))) == (date(2028, 2, 18), EPREUVE)


LIGNES = st.builds(
    Delai, st.just(Destinataire.EVALUATEUR), st.integers(15, 60), st.integers(15, 60), st.booleans()
).filter(lambda ligne: ligne.plancher <= ligne.jours)


@given(LIGNES, st.integers(-10, 90))
def test_jamais_sous_le_plancher_et_les_bornes_sont_tenues(ligne: Delai, avant: int) -> None:
    jour = EPREUVE - timedelta(days=avant)
    avis = ligne.avis(jour, EPREUVE)
    assert (avis is Avis.A_TEMPS) is (jour <= ligne.dernier_jour(EPREUVE))
    assert (avis is not Avis.IMPOSSIBLE) is (jour <= ligne.dernier_possible(EPREUVE))
    assert (avis is not Avis.IMPOSSIBLE) is (ligne.premiere_date(jour) <= EPREUVE)
    if avant < PLANCHER_LEGAL:
        assert avis is Avis.IMPOSSIBLE


def test_chaque_defaut_d_une_table_se_dit() -> None:
    evaluateur, candidat, manager = TABLE_PAR_DEFAUT
    assert defauts(TABLE_PAR_DEFAUT) == ()
    assert defauts((evaluateur, candidat)) == ("le destinataire « manager » est écrit 0 fois, au lieu d'une",)
    assert defauts((*TABLE_PAR_DEFAUT, manager)) == ("le destinataire « manager » est écrit 2 fois, au lieu d'une",)
    assert defauts((Delai(Destinataire.EVALUATEUR, 14, 14), candidat, manager)) == (
        "un évaluateur n'est jamais convoqué moins de 15 jours avant",
    )
    assert defauts((evaluateur, Delai(Destinataire.CANDIDAT, 5, 6), manager)) == (
        "« candidat » : le plancher (6) dépasse le délai (5)",
    )
    assert defauts((Delai(Destinataire.EVALUATEUR, 15, 15), Delai(Destinataire.CANDIDAT, 5, 5), manager)) == ()


def test_un_destinataire_que_la_table_ne_dit_pas_est_refuse() -> None:
    assert du_destinataire(TABLE_PAR_DEFAUT, Destinataire.MANAGER) is TABLE_PAR_DEFAUT[2]
    with pytest.raises(Refus) as leve:
        du_destinataire(TABLE_PAR_DEFAUT[:2], Destinataire.MANAGER)
    assert leve.value.code == "destinataire_inconnu"
    assert leve.value.message == "Le règlement ne dit pas quand convoquer « manager »."


def test_les_codes_sont_ceux_que_garde_le_journal() -> None:
    assert [un.value for un in Avis] == ["a_temps", "convocation_tardive", "convocation_impossible"]
    assert [un.value for un in Destinataire] == ["evaluateur", "candidat", "manager"]


def test_la_regle_a_un_code_une_phrase_et_une_source() -> None:
    assert delai_de_convocation.CODE == "DELAI-DE-CONVOCATION"
    assert (delai_de_convocation.__doc__ or "").startswith("Chacun est convoqué assez tôt")
    assert "D3142-32" in delai_de_convocation.SOURCE
    assert delai_de_convocation.DEPUIS == "règlement du 19 avril 2021"
    assert delai_de_convocation.JUSQU_A is None
