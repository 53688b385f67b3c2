"""Les incidents : la table du règlement, ce qu'elle permet, où va l'épreuve ; tout est énuméré."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, combinations, product

import pytest

from moteur.etats import EPREUVE, peut_passer
from moteur.regles.incident import (
    NON_EVALUEE,
    TABLE_PAR_DEFAUT,
    Consequence,
    GenreIncident,
    Ligne,
    Moment,
    NouvelleDate,
    Suite,
    consequence,
    defauts,
    signalables,
    suites_permises,
)
from moteur.vocabulaire import Refus

DEUX_VOIES = ("double_ecoute", "accueil_physique")
G = GenreIncident


def ensembles() -> Iterator[tuple[GenreIncident, ...]]:
    """Tous les ensembles non vides d'incidents qui peuvent suspendre une même épreuve."""
    return chain.from_iterable(combinations(G, n) for n in range(1, len(G) + 1))


def test_la_table_par_defaut_est_bonne() -> None:
    assert defauts(TABLE_PAR_DEFAUT) == ()


@pytest.mark.parametrize(
    ("commencee", "voies", "attendus"),
    [
        (False, DEUX_VOIES, (G.ABSENT, G.EXCUSE, G.INTERROMPU, G.ACCORD_RETIRE, G.PANNE, G.FRAUDE)),
        (True, DEUX_VOIES, (G.INTERROMPU, G.ACCORD_RETIRE, G.PANNE, G.FRAUDE)),
        (False, (), (G.ABSENT, G.EXCUSE, G.INTERROMPU, G.PANNE, G.FRAUDE)),
        (True, ("accueil_physique",), (G.INTERROMPU, G.PANNE, G.FRAUDE)),
    ],
)
def test_ce_qui_se_signale(commencee: bool, voies: tuple[str, ...], attendus: tuple[GenreIncident, ...]) -> None:
    assert signalables(TABLE_PAR_DEFAUT, commencee=commencee, voies=voies) == attendus


@pytest.mark.parametrize(
    ("incidents", "suite", "attendue"),
    [
        ((G.ABSENT,), Suite.REPLANIFIER, Consequence(None, False)),
        ((G.EXCUSE,), Suite.REPLANIFIER, Consequence(None, False)),
        ((G.ABSENT,), Suite.CLORE, Consequence(NON_EVALUEE, False)),
        ((G.INTERROMPU,), Suite.REPRENDRE, Consequence(None, False)),
        ((G.INTERROMPU,), Suite.REPLANIFIER, Consequence(NON_EVALUEE, True)),
        ((G.FRAUDE,), Suite.CLORE, Consequence(NON_EVALUEE, False)),
        ((G.EXCUSE, G.PANNE), Suite.REPLANIFIER, Consequence(NON_EVALUEE, True)),
    ],
)
def test_ou_va_l_epreuve(incidents: tuple[GenreIncident, ...], suite: Suite, attendue: Consequence) -> None:
    assert consequence(TABLE_PAR_DEFAUT, incidents, suite, commencee=False) == attendue
    assert consequence(TABLE_PAR_DEFAUT, incidents, suite, commencee=True) == attendue


@pytest.mark.parametrize("genre", [G.ABSENT, G.EXCUSE])
def test_on_ne_reprend_pas_une_epreuve_ou_le_candidat_n_etait_pas(genre: GenreIncident) -> None:
    with pytest.raises(Refus) as refus:
        consequence(TABLE_PAR_DEFAUT, (genre,), Suite.REPRENDRE, commencee=False)
    assert (refus.value.code, refus.value.message) == (
        "suite_interdite",
        "Le règlement ne permet pas cette suite pour cet incident.",
    )


@pytest.mark.parametrize("incidents", [(G.ABSENT,), (G.EXCUSE,), (G.ABSENT, G.EXCUSE), (G.ABSENT, G.PANNE)])
def test_une_absence_que_des_gestes_dementent_se_reprend(incidents: tuple[GenreIncident, ...]) -> None:
    assert Suite.REPRENDRE not in suites_permises(TABLE_PAR_DEFAUT, incidents, commencee=False)
    assert suites_permises(TABLE_PAR_DEFAUT, incidents, commencee=True) == tuple(Suite)
    assert consequence(TABLE_PAR_DEFAUT, incidents, Suite.REPRENDRE, commencee=True) == Consequence(None, False)


def test_des_gestes_ne_rouvrent_pas_ce_que_le_reglement_ferme_pendant_l_epreuve() -> None:
    """Un incident qui peut arriver en cours d'épreuve n'est démenti par aucun geste."""
    for moments in ({Moment.PENDANT}, {Moment.AVANT, Moment.PENDANT}):
        ligne = Ligne(G.FRAUDE, frozenset(moments), frozenset({Suite.CLORE}), NouvelleDate.NOUVELLE_EPREUVE)
        assert suites_permises((ligne,), (G.FRAUDE,), commencee=True) == (Suite.CLORE,)
        absent = TABLE_PAR_DEFAUT[0]
        assert suites_permises((absent, ligne), (G.ABSENT, G.FRAUDE), commencee=True) == (Suite.CLORE,)


def test_aucun_ensemble_d_incidents_n_est_une_impasse_ni_un_echec() -> None:
    """Quels que soient les incidents : clore reste permis, et nulle suite ne mène à un état qui juge."""
    for incidents, commencee in product(ensembles(), (False, True)):
        permises = suites_permises(TABLE_PAR_DEFAUT, incidents, commencee=commencee)
        assert Suite.CLORE in permises
        for suite in Suite:
            if suite not in permises:
                with pytest.raises(Refus):
                    consequence(TABLE_PAR_DEFAUT, incidents, suite, commencee=commencee)
                continue
            obtenue = consequence(TABLE_PAR_DEFAUT, incidents, suite, commencee=commencee)
            assert obtenue.etat in (None, NON_EVALUEE)
            assert obtenue.nouvelle_epreuve <= (obtenue.etat == NON_EVALUEE)
            if obtenue.etat is not None:
                assert peut_passer(EPREUVE, "suspendue", obtenue.etat)


def test_chaque_suite_d_un_seul_incident_se_lit_dans_sa_ligne() -> None:
    for ligne, suite in product(TABLE_PAR_DEFAUT, Suite):
        permises = suites_permises(TABLE_PAR_DEFAUT, (ligne.incident,), commencee=False)
        assert (suite in permises) == (suite in ligne.suites)


def test_une_table_fausse_dit_pourquoi() -> None:
    sans_cloture = Ligne(G.ABSENT, frozenset(), frozenset({Suite.REPRENDRE}), NouvelleDate.MEME_GRILLE)
    assert defauts((sans_cloture, *TABLE_PAR_DEFAUT)) == (
        "l'incident « absent » est écrit 2 fois, au lieu d'une",
        "« absent » ne peut pas se clore : ce serait une impasse",
        "« absent » ne se signale à aucun moment",
    )
    assert defauts(TABLE_PAR_DEFAUT[1:]) == ("l'incident « absent » est écrit 0 fois, au lieu d'une",)


def test_tout_etat_suspendable_se_retrouve() -> None:
    """Une reprise rend l'état d'avant : la table des états le permet pour chacun de ceux que l'on suspend."""
    suspendables = [de for de in EPREUVE.etats if peut_passer(EPREUVE, de, "suspendue")]
    assert suspendables == ["a_planifier", "affectee", "en_cours"]
    assert all(peut_passer(EPREUVE, "suspendue", etat) for etat in suspendables)
    assert {Moment.AVANT, Moment.PENDANT} == set(Moment)
