"""Les conditions de deux lectures : ce qui diffère, et ce qui n'est qu'un chronomètre lancé une seconde plus tard."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from fabrique import referentiel

from moteur.conditions import Conditions, codes, differences
from moteur.grille import MS_PAR_MINUTE, Courrier

B1, B2 = referentiel().bloc("B1").epreuve, referentiel().bloc("B2").epreuve
COURRIERS = tuple(Courrier(f"Motif {rang}", preselectionne=True) for rang in range(5))
PLEINES = Conditions(
    alternative="double_ecoute",
    entretiens=("double_ecoute", "double_ecoute"),
    courriers=COURRIERS,
    phases_ms={"observation": 20 * MS_PAR_MINUTE, "questions": 15 * MS_PAR_MINUTE},
)
EXPOSE = Conditions(
    competences_abordees=frozenset({"C2.1", "C2.2"}),
    phases_ms={"expose": 10 * MS_PAR_MINUTE, "echange": 10 * MS_PAR_MINUTE, "deliberation": None},
)


def differe(autre: Conditions, une: Conditions = PLEINES, ecart: int = 2) -> tuple[str, ...]:
    trouvees = differences(B1, une, autre, ecart_minutes=ecart)
    assert differences(B1, autre, une, ecart_minutes=ecart) == trouvees  # peu importe qui lit d'abord
    return trouvees


def test_les_conditions_d_une_epreuve_dans_l_ordre() -> None:
    assert codes(B1) == ("alternative", "entretiens", "courriers", "phase:observation", "phase:questions")
    assert codes(B2) == ("competences_abordees", "phase:expose", "phase:echange", "phase:deliberation")


def test_deux_lectures_pareilles_ne_different_sur_rien() -> None:
    assert differe(PLEINES) == ()
    assert differences(B2, EXPOSE, EXPOSE, ecart_minutes=0) == ()


def test_chaque_condition_differe_seule() -> None:
    assert differe(replace(PLEINES, alternative="accueil_physique")) == ("alternative",)
    assert differe(replace(PLEINES, entretiens=("double_ecoute",))) == ("entretiens",)
    assert differe(replace(PLEINES, entretiens=("double_ecoute", None))) == ("entretiens",)
    assert differe(replace(PLEINES, courriers=COURRIERS[:4])) == ("courriers",)
    assert differences(
        B2, EXPOSE, replace(EXPOSE, competences_abordees=frozenset({"C2.1"})), ecart_minutes=2
    ) == ("competences_abordees",)  # fmt: skip


def test_toutes_ensemble_dans_l_ordre_de_l_epreuve() -> None:
    assert differe(Conditions()) == codes(B1)


def test_un_motif_se_compare_sans_casse_ni_espaces_et_dans_tout_ordre() -> None:
    memes = tuple(Courrier(f"  MOTIF   {rang} ", preselectionne=True) for rang in (4, 3, 2, 1, 0))
    assert differe(replace(PLEINES, courriers=memes)) == ()
    autres = (*COURRIERS[:4], Courrier("Autre motif", preselectionne=True))
    assert differe(replace(PLEINES, courriers=autres)) == ("courriers",)
    assert differe(replace(PLEINES, courriers=(*COURRIERS[:4], Courrier("Motif 4", preselectionne=False)))) == (
        "courriers",
    )


def test_l_ordre_des_entretiens_ne_compte_pas() -> None:
    melees = replace(PLEINES, entretiens=("accueil_physique", "double_ecoute"))
    assert differe(replace(PLEINES, entretiens=("double_ecoute", "accueil_physique")), melees) == ()


MINUTES = (0, 17, 18, 19, 20, 21, 22, 23, 40)


@pytest.mark.parametrize("ecart", [0, 2])
@pytest.mark.parametrize(("phase", "minimum"), [("observation", 20), ("questions", None)])
def test_deux_durees(phase: str, minimum: int | None, ecart: int) -> None:
    """Au-delà de l'écart, ou de part et d'autre d'un minimum ; une durée prévue n'a pas de minimum."""
    for une, autre in product(MINUTES, repeat=2):
        premiere = replace(PLEINES, phases_ms={**PLEINES.phases_ms, phase: une * MS_PAR_MINUTE})
        seconde = replace(PLEINES, phases_ms={**PLEINES.phases_ms, phase: autre * MS_PAR_MINUTE})
        attendu = abs(une - autre) > ecart or (minimum is not None and (une >= minimum) != (autre >= minimum))
        assert differe(premiere, seconde, ecart) == ((f"phase:{phase}",) if attendu else ()), (une, autre)


def test_l_ecart_se_compte_a_la_milliseconde() -> None:
    def avec(ms: int) -> Conditions:
        return replace(PLEINES, phases_ms={**PLEINES.phases_ms, "questions": ms})

    assert differe(avec(0), avec(2 * MS_PAR_MINUTE)) == ()
    assert differe(avec(0), avec(2 * MS_PAR_MINUTE + 1)) == ("phase:questions",)


def test_une_duree_connue_d_un_seul_differe_deux_inconnues_non() -> None:
    inconnue = replace(PLEINES, phases_ms={"observation": None, "questions": 15 * MS_PAR_MINUTE})
    absente = replace(PLEINES, phases_ms={"questions": 15 * MS_PAR_MINUTE})
    assert differe(inconnue) == ("phase:observation",)
    assert differe(absente) == ("phase:observation",)
    assert differe(absente, inconnue) == ()


def test_une_phase_sans_duree_ecrite_ne_se_discute_qu_au_dela_de_l_ecart() -> None:
    def avec(minutes: int) -> Conditions:
        return replace(EXPOSE, phases_ms={**EXPOSE.phases_ms, "deliberation": minutes * MS_PAR_MINUTE})

    assert differences(B2, avec(5), avec(7), ecart_minutes=2) == ()
    assert differences(B2, avec(5), avec(8), ecart_minutes=2) == ("phase:deliberation",)


def test_un_plafond_n_est_pas_un_minimum() -> None:
    def avec(minutes: int) -> Conditions:
        return replace(EXPOSE, phases_ms={**EXPOSE.phases_ms, "echange": minutes * MS_PAR_MINUTE})

    assert differences(B2, avec(29), avec(31), ecart_minutes=2) == ()


def test_une_exception_ne_fait_pas_a_elle_seule_une_difference() -> None:
    assert differe(replace(PLEINES, exceptions={"courriers": "Panne"})) == ()
