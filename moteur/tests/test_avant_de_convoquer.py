"""Ce qui empêche de convoquer : toutes les situations, contre une table écrite autrement ; et ce que rien ne change."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moteur.regles import avant_de_convoquer
from moteur.regles.avant_de_convoquer import (
    TABLE_PAR_DEFAUT,
    Attendu,
    Ligne,
    Manque,
    de_la_voie,
    defauts,
    manque,
    remet_un_carnet,
)
from moteur.vocabulaire import Refus

BOOLEENS = (True, False)
VOIES = tuple(ligne.voie for ligne in TABLE_PAR_DEFAUT)

LAISSE_PASSER = {
    # (attendu, dispensable) : les (carnet, dossier de validation, dispense) qui laissent convoquer
    (Attendu.CARNET, True): {
        (True, True, True), (True, True, False), (True, False, True), (True, False, False),
        (False, True, True), (False, False, True), (None, True, True), (None, False, True),
    },
    (Attendu.CARNET, False): {(True, True, True), (True, True, False), (True, False, True), (True, False, False)},
    (Attendu.DOSSIER_DE_VALIDATION, True): {(c, True, d) for c in (True, False, None) for d in BOOLEENS},
    (Attendu.DOSSIER_DE_VALIDATION, False): {(c, True, d) for c in (True, False, None) for d in BOOLEENS},
    (Attendu.RIEN, True): {(c, v, d) for c in (True, False, None) for v in BOOLEENS for d in BOOLEENS},
    (Attendu.RIEN, False): {(c, v, d) for c in (True, False, None) for v in BOOLEENS for d in BOOLEENS},
}  # fmt: skip
"""La règle, dite par l'énumération de ce qu'elle laisse passer quand rien n'est gelé."""

NOM = {Attendu.CARNET: "carnet_incomplet", Attendu.DOSSIER_DE_VALIDATION: "validation_attendue"}


def test_toutes_les_situations() -> None:
    vues = 0
    for attendu, dispensable, carnet, recu, dispense, gele in product(
        Attendu, BOOLEENS, (True, False, None), BOOLEENS, BOOLEENS, BOOLEENS
    ):
        passe = (carnet, recu, dispense) in LAISSE_PASSER[attendu, dispensable]
        voulu = "carnet_gele" if gele else None if passe else NOM[attendu]
        ligne = Ligne("une_voie", attendu, dispensable)
        assert manque(ligne, carnet=carnet, dossier_de_validation=recu, dispense=dispense, gele=gele) == voulu
        vues += 1
    assert vues == 144


SITUATION = st.fixed_dictionaries(
    {
        "carnet": st.sampled_from([True, False, None]),
        "dossier_de_validation": st.booleans(),
        "dispense": st.booleans(),
        "gele": st.booleans(),
    }
)
LIGNES = st.builds(Ligne, st.sampled_from(VOIES), st.sampled_from(Attendu), st.booleans())


@given(LIGNES, SITUATION)
def test_en_savoir_plus_ou_etre_degele_n_empeche_jamais(ligne: Ligne, situation: dict[str, Any]) -> None:
    """Monotone : attester, déposer, dispenser ou dégeler ne fait jamais apparaître un manque."""
    if manque(ligne, **situation) is None:
        for mieux in ({"carnet": True}, {"dossier_de_validation": True}, {"dispense": True}, {"gele": False}):
            assert manque(ligne, **situation | mieux) is None


@given(LIGNES, SITUATION)
def test_rien_ne_passe_outre_un_gel(ligne: Ligne, situation: dict[str, Any]) -> None:
    assert manque(ligne, **situation | {"gele": True}) is Manque.GEL


@pytest.mark.parametrize("attendu", Attendu)
def test_le_carnet_se_remet_sauf_la_ou_le_dossier_de_validation_en_tient_lieu(attendu: Attendu) -> None:
    assert remet_un_carnet(Ligne("v", attendu)) is (attendu != "dossier_de_validation")


def test_la_table_par_defaut_dit_chaque_voie_une_fois() -> None:
    assert defauts(TABLE_PAR_DEFAUT, VOIES) == ()
    assert {ligne.voie: (ligne.attendu.value, ligne.dispensable) for ligne in TABLE_PAR_DEFAUT} == {
        "formation_continue": ("carnet", True),
        "contrat_professionnalisation": ("carnet", True),
        "reconversion": ("carnet", True),
        "vae": ("dossier_de_validation", False),
        "formation_initiale": ("carnet", True),
        "apprentissage": ("carnet", True),
        "equivalence": ("carnet", True),
        "candidat_libre": ("carnet", True),
    }


@pytest.mark.parametrize("voie", VOIES)
def test_chaque_defaut_d_une_table_se_dit(voie: str) -> None:
    sans = tuple(ligne for ligne in TABLE_PAR_DEFAUT if ligne.voie != voie)
    assert defauts(sans, VOIES) == (f"la voie « {voie} » est écrite 0 fois, au lieu d'une",)
    en_double = (*TABLE_PAR_DEFAUT, Ligne(voie, Attendu.RIEN))
    assert defauts(en_double, VOIES) == (f"la voie « {voie} » est écrite 2 fois, au lieu d'une",)
    for attendu in (Attendu.RIEN, Attendu.DOSSIER_DE_VALIDATION):
        assert defauts((*sans, Ligne(voie, attendu, dispensable=True)), VOIES) == (
            f"« {voie} » n'attend pas de carnet : il n'y a rien dont dispenser",
        )
    assert defauts(TABLE_PAR_DEFAUT, [v for v in VOIES if v != voie]) == (f"la voie « {voie} » n'existe pas",)


def test_une_voie_que_la_table_ne_dit_pas_est_refusee() -> None:
    assert de_la_voie(TABLE_PAR_DEFAUT, "vae") == Ligne("vae", Attendu.DOSSIER_DE_VALIDATION, dispensable=False)
    with pytest.raises(Refus) as leve:
        de_la_voie(TABLE_PAR_DEFAUT, "parrainage")
    assert leve.value.code == "voie_inconnue"
    assert leve.value.message == ("Le règlement ne dit pas ce qu'attend la voie « parrainage » avant de convoquer.")


def test_les_codes_sont_ceux_que_garde_le_journal() -> None:
    assert [un.value for un in Manque] == ["carnet_gele", "carnet_incomplet", "validation_attendue"]
    assert [un.value for un in Attendu] == ["carnet", "dossier_de_validation", "rien"]


def test_la_regle_a_un_code_une_phrase_et_une_source() -> None:
    assert avant_de_convoquer.CODE == "AVANT-DE-CONVOQUER"
    assert (avant_de_convoquer.__doc__ or "").startswith("Le carnet d'un bloc est complet avant sa convocation ;")
    assert "R6412-5" in avant_de_convoquer.SOURCE
    assert avant_de_convoquer.DEPUIS == "règlement du 19 avril 2021"
    assert avant_de_convoquer.JUSQU_A is None
