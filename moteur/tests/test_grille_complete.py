"""Clore : tout ce qui manque est dit, et rien d'autre."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fabrique import fait, norme, referentiel

from moteur.faits import Fait
from moteur.grille import grille_courante
from moteur.referentiel import construire
from moteur.regles.grille_complete import Compte, Manque, comptes, duree_attendue, manques

REF = referentiel(((2, 1), (1,)))
OBSERVATION, PRESENTATION = REF.blocs

type Geste = tuple[str, object]

COMPLETE: dict[str, object] = {
    "critere:K1.1.1": "valide",
    "critere:K1.1.2": "non_valide",
    "critere:K1.2.1": "valide",
    "alternative": "double_ecoute",
    "entretien:e1": {"alternative": "double_ecoute"},
    "entretien:e2": {"alternative": None},
    **{f"courrier:c{n}": {"motif": f"Motif {n}", "preselectionne": True} for n in range(1, 6)},
    "phase:observation:debut": True,
    "phase:observation:fin": True,
}


def faits_de(gestes: dict[str, object], fin: int = 20) -> list[Fait]:
    return [
        fait(cible, cible, valeur, rang=rang, a=fin if cible.endswith(":fin") else 0)
        for rang, (cible, valeur) in enumerate(gestes.items(), 1)
    ]


def manque(gestes: dict[str, object], fin: int = 20, **options: object) -> list[tuple[str, str, str]]:
    trouves = manques(OBSERVATION, grille_courante(faits_de(gestes, fin)), **options)  # type: ignore[arg-type]
    return [(m.code, m.cible, m.message) for m in trouves]


def sans(*cibles: str) -> dict[str, object]:
    return {cible: valeur for cible, valeur in COMPLETE.items() if cible not in cibles}


def test_une_grille_complete_peut_etre_close() -> None:
    assert manque(COMPLETE) == []


def test_une_grille_vide_dit_tout_ce_qui_manque_dans_l_ordre() -> None:
    assert manque({}) == [
        ("critere_ouvert", "critere:K1.1.1", "Le critère K1.1.1 n'est pas tranché."),
        ("critere_ouvert", "critere:K1.1.2", "Le critère K1.1.2 n'est pas tranché."),
        ("critere_ouvert", "critere:K1.2.1", "Le critère K1.2.1 n'est pas tranché."),
        (
            "alternative_absente",
            "alternative",
            "Dites comment l'épreuve s'est déroulée : Double écoute, Accueil physique.",
        ),
        ("exigence_non_remplie", "courriers", "Courriers et courriels examinés : 0 sur 5 au minimum."),
        (
            "duree_inconnue",
            "phase:observation",
            "La durée de la phase « Observation » n'est pas connue ; il faut au moins 20 min.",
        ),
    ]


ENTRETIENS_1 = ("exigence_non_remplie", "entretiens", "Entretiens observés : 1 sur 2 au minimum.")
COURRIERS_4 = ("exigence_non_remplie", "courriers", "Courriers et courriels examinés : 4 sur 5 au minimum.")

CAS: list[tuple[Callable[[], dict[str, object]], list[tuple[str, str, str]]]] = [
    (
        lambda: {**COMPLETE, "critere:K1.1.2": "non_observe"},
        [
            (
                "critere_non_observe",
                "critere:K1.1.2",
                "Le critère K1.1.2 est « non observé » : tranchez-le, au besoin par une question.",
            )
        ],
    ),
    (lambda: sans("entretien:e1"), [ENTRETIENS_1]),
    (lambda: {**COMPLETE, "entretien:e2": None}, [ENTRETIENS_1]),
    (lambda: {**COMPLETE, "entretien:e2": {"alternative": "accueil_physique"}}, [ENTRETIENS_1]),
    (lambda: sans("courrier:c3"), [COURRIERS_4]),
    (lambda: {**COMPLETE, "courrier:c3": None}, [COURRIERS_4]),
    (lambda: {**COMPLETE, "courrier:c3": {"motif": " ", "preselectionne": True}}, [COURRIERS_4]),
    (lambda: {**COMPLETE, "courrier:c3": {"motif": "Indu", "preselectionne": False}}, [COURRIERS_4]),
    (
        lambda: {**COMPLETE, "phase:observation:fin": None},
        [
            (
                "duree_inconnue",
                "phase:observation",
                "La durée de la phase « Observation » n'est pas connue ; il faut au moins 20 min.",
            )
        ],
    ),
    (
        lambda: {**COMPLETE, "phase:observation:duree": 19},
        [
            (
                "duree_insuffisante",
                "phase:observation",
                "La phase « Observation » a duré 19 minutes ; il faut au moins 20 min.",
            )
        ],
    ),
    (
        lambda: {**COMPLETE, "phase:observation:duree": 1},
        [
            (
                "duree_insuffisante",
                "phase:observation",
                "La phase « Observation » a duré 1 minute ; il faut au moins 20 min.",
            )
        ],
    ),
    (lambda: {**COMPLETE, "phase:observation:duree": 20}, []),
    (lambda: {**COMPLETE, "phase:questions:duree": 1}, []),  # une durée prévue ne bloque pas
]


@pytest.mark.parametrize(("gestes", "attendus"), CAS, ids=range(len(CAS)))
def test_ce_qui_manque_et_rien_d_autre(
    gestes: Callable[[], dict[str, object]], attendus: list[tuple[str, str, str]]
) -> None:
    assert manque(gestes()) == attendus


def test_la_duree_se_compte_a_la_milliseconde() -> None:
    grille = grille_courante(
        [
            *faits_de(sans("phase:observation:fin")),
            fait("fin", "phase:observation:fin", True, rang=99, monotone_ms=20 * 60_000 - 1),
        ]
    )
    assert [m.message for m in manques(OBSERVATION, grille)] == [
        "La phase « Observation » a duré 19 minutes ; il faut au moins 20 min."
    ]


def test_sans_voie_choisie_les_exigences_des_voies_attendent() -> None:
    assert manque(sans("alternative", "entretien:e1", "entretien:e2")) == [
        (
            "alternative_absente",
            "alternative",
            "Dites comment l'épreuve s'est déroulée : Double écoute, Accueil physique.",
        )
    ]


def test_une_exigence_d_une_autre_voie_ne_s_applique_pas() -> None:
    n = referentiel(((2, 1), (1,)))
    exigence = n.blocs[0].epreuve.exigences[0]
    assert exigence.alternatives == ("double_ecoute", "accueil_physique")
    grille = grille_courante(faits_de(sans("entretien:e1", "entretien:e2") | {"alternative": "visite"}))
    assert manques(OBSERVATION, grille) == ()


def test_melanger_les_voies_est_un_reglage() -> None:
    gestes = {**COMPLETE, "entretien:e2": {"alternative": "accueil_physique"}}
    assert manque(gestes, melange=False) == [ENTRETIENS_1]
    assert manque(gestes, melange=True) == []


def test_un_amenagement_change_le_minimum_d_une_phase() -> None:
    assert manque(COMPLETE, fin=15, durees_adaptees={"observation": 15}) == []
    assert manque(COMPLETE, fin=20, durees_adaptees={"observation": 27, "questions": 60}) == [
        (
            "duree_insuffisante",
            "phase:observation",
            "La phase « Observation » a duré 20 minutes ; il faut au moins 27 min.",
        )
    ]
    assert manque(COMPLETE, durees_adaptees={}) == []


def test_un_conflit_est_dit_une_fois_et_empeche_de_clore() -> None:
    message = "Deux appareils ne disent pas la même chose ici : choisissez ce qui est juste."
    autres = [
        fait("x1", "critere:K1.1.1", "non_valide", "t2", 1),
        fait("x2", "alternative", "accueil_physique", "t2", 2),
    ]
    grille = grille_courante([*faits_de(sans("entretien:e1", "entretien:e2")), *autres])
    assert manques(OBSERVATION, grille) == (
        Manque("conflit", "alternative", message),
        Manque("conflit", "critere:K1.1.1", message),
    )


def test_un_conflit_ailleurs_ne_cache_pas_un_critere_ouvert() -> None:
    autre = fait("x1", "critere:K1.1.1", "non_valide", "t2", 1)
    grille = grille_courante([*faits_de(sans("critere:K1.1.2", "alternative")), autre])
    assert [(m.code, m.cible) for m in manques(OBSERVATION, grille)] == [
        ("conflit", "critere:K1.1.1"),
        ("critere_ouvert", "critere:K1.1.2"),
        ("alternative_absente", "alternative"),
    ]


def test_un_minimum_se_verifie_ou_qu_il_soit_parmi_les_phases() -> None:
    n: Any = norme(((1,),))
    n["blocs"][0]["epreuve"] |= {"alternatives": [], "exigences": []}
    n["blocs"][0]["epreuve"]["phases"].reverse()
    n["blocs"][0]["epreuve"]["phases"].insert(0, {"code": "accueil", "intitule": "Accueil"})
    bloc = construire("essai", "2021", n).blocs[0]
    grille = grille_courante([fait("a", "critere:K1.1.1", "valide")])
    assert [m.cible for m in manques(bloc, grille)] == ["phase:observation"]


def test_une_presentation_n_a_ni_voie_ni_minimum_de_duree() -> None:
    gestes = {"critere:K2.1.1": "valide", "competence_abordee:C2.1": True}
    assert manques(PRESENTATION, grille_courante(faits_de(gestes))) == (
        Manque(
            "exigence_non_remplie", "competences_abordees", "Compétences abordées par le candidat : 1 sur 2 au minimum."
        ),
    )


def test_deux_competences_abordees_suffisent() -> None:
    bloc = referentiel().blocs[1]
    gestes: dict[str, object] = {f"critere:{critere.code}": "valide" for critere in bloc.criteres()}
    gestes |= {"competence_abordee:C2.1": True, "competence_abordee:C2.4": True, "competence_abordee:C2.5": False}
    assert manques(bloc, grille_courante(faits_de(gestes))) == ()


# --- La couverture : les mêmes comptes que la clôture ---


def compte(gestes: dict[str, object], **options: bool) -> list[tuple[str, int, int]]:
    trouves = comptes(OBSERVATION.epreuve, grille_courante(faits_de(gestes)), **options)
    return [(c.exigence.code.value, c.fait, c.exigence.minimum) for c in trouves]


def test_les_comptes_sont_ceux_de_la_cloture() -> None:
    assert compte({}) == [("entretiens", 0, 2), ("courriers", 0, 5)]
    assert compte(COMPLETE) == [("entretiens", 2, 2), ("courriers", 5, 5)]
    ailleurs: dict[str, object] = {**COMPLETE, "entretien:e1": {"alternative": "accueil_physique"}}
    assert compte(ailleurs) == [("entretiens", 1, 2), ("courriers", 5, 5)]
    assert compte(ailleurs, melange=True) == [("entretiens", 2, 2), ("courriers", 5, 5)]
    hors_panel: dict[str, object] = {**COMPLETE, "courrier:c1": {"motif": "Indu", "preselectionne": False}}
    assert compte({**hors_panel, "courrier:c2": {"motif": " ", "preselectionne": True}}) == [
        ("entretiens", 2, 2),
        ("courriers", 3, 5),
    ]


def test_un_compte_d_une_autre_voie_ne_se_montre_plus_une_fois_la_voie_choisie() -> None:
    voulue = norme(((2, 1), (1,)))
    voulue["blocs"][0]["epreuve"]["exigences"][0]["alternatives"] = ["double_ecoute"]
    epreuve = construire("essai", "2021", voulue).blocs[0].epreuve
    physique = grille_courante([fait("a", "alternative", "accueil_physique")])
    assert comptes(epreuve, physique) == (Compte(epreuve.exigences[1], 0),)
    assert comptes(epreuve, grille_courante([])) == tuple(Compte(e, 0) for e in epreuve.exigences)


def test_un_amenagement_change_la_duree_attendue_de_sa_phase_seule() -> None:
    observation, questions = OBSERVATION.epreuve.phases
    assert [duree_attendue(phase, {"questions": 20}) for phase in (observation, questions)] == [20, 20]
    assert [duree_attendue(phase, {}) for phase in PRESENTATION.epreuve.phases] == [10, 30, None]
    assert duree_attendue(PRESENTATION.epreuve.phases[2], {"deliberation": 5}) is None
