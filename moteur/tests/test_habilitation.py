"""L'habilitation à une date : toutes les histoires de trois lignes sur six jours, contre une relecture jour par jour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations_with_replacement, pairwise, product

import pytest

from moteur.etats import HABILITATION, peut_passer
from moteur.regles import habilitation
from moteur.regles.habilitation import (
    EtatHabilitation,
    Ligne,
    Mission,
    echeance_naturelle,
    etat_au,
    ligne_au,
    permet,
)

JOURS = [date(2026, 12, 29) + timedelta(days=rang) for rang in range(6)]
ECRITS = (EtatHabilitation.EN_VIGUEUR, EtatHabilitation.SUSPENDUE, EtatHabilitation.RESILIEE)
DEUX = frozenset(Mission)


def ligne(
    effet: date,
    etat: EtatHabilitation = EtatHabilitation.EN_VIGUEUR,
    missions: frozenset[Mission] = DEUX,
    blocs: frozenset[str] | None = None,
    dernier_jour: date | None = None,
) -> Ligne:
    return Ligne(effet, etat, missions, blocs, dernier_jour)


def histoires() -> Iterator[tuple[Ligne, ...]]:
    """Une à trois lignes, effets croissants, tout état écrit, avec et sans terme."""
    for nombre in (1, 2, 3):
        for effets in combinations_with_replacement(JOURS[:4], nombre):
            for etats in product(ECRITS, repeat=nombre):
                for terme in (None, JOURS[3]):
                    yield tuple(ligne(e, s, dernier_jour=terme) for e, s in zip(effets, etats, strict=True))


def relire(lignes: Sequence[Ligne], jour: date) -> str:
    """Jour par jour depuis le premier : chaque ligne s'applique le jour venu, le terme éteint ce qui n'est pas résilié."""
    etat, terme = "a_venir", None
    for veille in JOURS:
        if veille > jour:
            break
        for une in lignes:
            if une.effet == veille:
                etat, terme = une.etat.value, une.dernier_jour
        if etat in ("en_vigueur", "suspendue") and terme is not None and veille > terme:
            etat = "echue"
    return etat


def test_l_etat_de_chaque_histoire_a_chaque_jour() -> None:
    for lignes in histoires():
        assert [etat_au(lignes, jour).value for jour in JOURS] == [relire(lignes, jour) for jour in JOURS]


def test_on_ne_peut_agir_que_si_l_habilitation_est_en_vigueur_ce_jour_la() -> None:
    for lignes in histoires():
        for jour in JOURS:
            assert permet(lignes, jour, Mission.EVALUER, "1") is (relire(lignes, jour) == "en_vigueur")


@pytest.mark.parametrize("mission", list(Mission))
def test_la_mission_et_le_bloc_doivent_etre_permis_tous_les_deux(mission: Mission) -> None:
    for missions in (frozenset({Mission.EVALUER}), frozenset({Mission.PREPARER}), DEUX):
        for blocs in (None, frozenset({"1"}), frozenset({"1", "2"}), frozenset({"3"})):
            permis = permet([ligne(JOURS[0], missions=missions, blocs=blocs)], JOURS[0], mission, "1")
            assert permis is (mission in missions and (blocs is None or "1" in blocs))


def test_sans_ligne_il_n_y_a_pas_d_habilitation() -> None:
    assert (ligne_au([], JOURS[0]), etat_au([], JOURS[0])) == (None, EtatHabilitation.A_VENIR)
    assert permet([], JOURS[0], Mission.EVALUER, "1") is False


def test_le_dernier_jour_compte_encore_et_le_lendemain_plus() -> None:
    lignes = [ligne(JOURS[0], dernier_jour=JOURS[2])]
    assert [permet(lignes, jour, Mission.EVALUER, "1") for jour in JOURS[:5]] == [True, True, True, False, False]
    assert echeance_naturelle(lignes) == JOURS[3]


def test_deux_lignes_du_meme_jour_la_derniere_ecrite_vaut() -> None:
    deux = [ligne(JOURS[1]), ligne(JOURS[1], EtatHabilitation.SUSPENDUE)]
    assert ligne_au(deux, JOURS[1]) == deux[1]
    assert (ligne_au(deux, JOURS[0]), ligne_au(deux, JOURS[5])) == (None, deux[1])


def test_une_habilitation_resiliee_ou_sans_terme_n_a_pas_d_echeance() -> None:
    assert echeance_naturelle([ligne(JOURS[0])]) is None
    assert echeance_naturelle([ligne(JOURS[0], EtatHabilitation.RESILIEE, dernier_jour=JOURS[2])]) is None
    assert (
        echeance_naturelle([ligne(JOURS[0], dernier_jour=JOURS[2]), ligne(JOURS[1], dernier_jour=JOURS[4])]) == JOURS[5]
    )


def test_chaque_etat_de_la_regle_est_dans_la_table_et_chaque_passage_du_calendrier_y_est_permis() -> None:
    assert tuple(etat.value for etat in EtatHabilitation) == HABILITATION.etats
    for lignes in histoires():
        for veille, jour in pairwise(JOURS):
            de, vers = etat_au(lignes, veille).value, etat_au(lignes, jour).value
            permises = all(
                peut_passer(HABILITATION, a.etat.value, b.etat.value) or a.etat == b.etat for a, b in pairwise(lignes)
            )
            if permises and sum(une.effet == jour for une in lignes) < 2 and de != vers:
                assert peut_passer(HABILITATION, de, vers), (lignes, jour)


def test_la_regle_a_un_code_une_phrase_et_une_source() -> None:
    assert habilitation.CODE == "HABILITATION-EN-VIGUEUR"
    assert (habilitation.__doc__ or "").startswith("Les ministres et organismes certificateurs peuvent habiliter")
    assert "R6113-16-6" in habilitation.SOURCE
    assert (habilitation.DEPUIS, habilitation.JUSQU_A) == ("9 juin 2025 (décret n° 2025-500)", None)
