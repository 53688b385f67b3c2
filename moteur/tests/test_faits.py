"""Les faits : chaque cible, ses valeurs admises, et le refus de toute autre."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from fabrique import NORME, fait, referentiel
from hypothesis import given
from hypothesis import strategies as st

from moteur.faits import Borne, Cible, Genre, analyser, hors_du_panel, verifier_fait
from moteur.vocabulaire import Refus

OBSERVATION, PRESENTATION = referentiel().blocs[:2]


def _nom(valeur: object) -> str:
    return repr(valeur).encode("ascii", "replace").decode()[:40].replace("\\", "/")


CIBLES = {
    "critere:K1.1.1": Cible(Genre.CRITERE, "K1.1.1"),
    "commentaire:C1.1": Cible(Genre.COMMENTAIRE, "C1.1"),
    "alternative": Cible(Genre.ALTERNATIVE),
    "entretien:e-1": Cible(Genre.ENTRETIEN, "e-1"),
    "courrier:c_1": Cible(Genre.COURRIER, "c_1"),
    "competence_abordee:C2.1": Cible(Genre.COMPETENCE_ABORDEE, "C2.1"),
    "phase:expose:debut": Cible(Genre.PHASE, "expose", Borne.DEBUT),
    "phase:expose:fin": Cible(Genre.PHASE, "expose", Borne.FIN),
    "phase:expose:duree": Cible(Genre.PHASE, "expose", Borne.DUREE),
    "phase:expose:pause:p-1": Cible(Genre.PHASE, "expose", Borne.PAUSE, "p-1"),
    "phase:expose:reprise:p-1": Cible(Genre.PHASE, "expose", Borne.REPRISE, "p-1"),
    "question:K1.1.1:q-1": Cible(Genre.QUESTION, "K1.1.1", cle="q-1"),
    "lieu": Cible(Genre.LIEU),
}


@pytest.mark.parametrize(("texte", "cible"), CIBLES.items(), ids=list(CIBLES))
def test_une_cible_s_analyse_et_se_reecrit(texte: str, cible: Cible) -> None:
    assert analyser(texte) == cible
    assert str(cible) == texte


INCONNUES = [
    "", ":", "critere", "critere:", "critere:K1:x", "alternative:x", "lieu:", "phase:expose", "phase::debut",
    "phase:expose:milieu", "phase:expose:debut:x", "humeur", "Critere:K1.1.1", "entretien:",
    "phase:expose:pause", "phase:expose:pause:", "phase::pause:p1", "phase:expose:pause:p1:x", "phase:expose:reprise",
    "question:K1.1.1", "question:K1.1.1:", "question::q1", "question:K1.1.1:q1:x", "phase:expose:fin:p1",
]  # fmt: skip


@pytest.mark.parametrize("texte", INCONNUES, ids=repr)
def test_une_cible_sans_forme_connue_est_refusee(texte: str) -> None:
    with pytest.raises(Refus) as refus:
        analyser(texte)
    assert (refus.value.code, refus.value.message) == (
        "cible_inconnue",
        f"La cible « {texte} » n'a pas une forme connue.",
    )


@given(st.text())
def test_toute_cible_s_analyse_ou_se_refuse(texte: str) -> None:
    try:
        cible = analyser(texte)
    except Refus:
        return
    assert str(cible) == texte


ADMIS: list[tuple[str, list[Any]]] = [
    ("critere:K1.1.1", ["valide", "non_valide", "non_observe", None]),
    ("commentaire:K1.1.1", ["", "Bien vu.", "x" * 10_000]),
    ("commentaire:C1.1", ["Clair."]),
    ("commentaire:B1", ["Bonne tenue."]),
    ("alternative", ["double_ecoute", "accueil_physique", None]),
    ("entretien:e1", [{"alternative": "double_ecoute"}, {"alternative": None}, None]),
    ("entretien:" + "x" * 64, [None]),
    ("courrier:c1", [{"motif": "Indu", "preselectionne": True}, {"motif": "", "preselectionne": False}, None]),
    ("competence_abordee:C1.2", [True, False]),
    ("phase:observation:debut", [True, None]),
    ("phase:questions:fin", [True, None]),
    ("phase:observation:duree", [0, 20, 1440, None]),
    ("phase:observation:pause:p1", [{"motif": "Alerte incendie"}, None]),
    ("phase:observation:reprise:p1", [True, None]),
    ("question:K1.1.1:q1", ["Comment avez-vous choisi ?", None]),
    ("question:K1.1.1:" + "x" * 64, ["?"]),
    ("lieu", ["Agence de Lille", ""]),
]

REFUSES: list[tuple[str, list[Any]]] = [
    ("critere:K1.1.1", [True, "", "validé", 1, ["valide"]]),
    ("commentaire:K1.1.1", [None, 1, "x" * 10_001]),
    ("alternative", ["visite", 1, "", ["double_ecoute"]]),
    ("entretien:e1", [True, "double_ecoute", {}, {"alternative": "visite"}, {"alternative": None, "x": 1}]),
    (
        "courrier:c1",
        [
            "Indu", {}, {"motif": "Indu"}, {"preselectionne": True}, {"motif": 1, "preselectionne": True},
            {"motif": "Indu", "preselectionne": 1}, {"motif": "Indu", "preselectionne": True, "x": 1},
            {"motif": "x" * 10_001, "preselectionne": True},
        ],
    ),
    ("competence_abordee:C1.2", [None, 1, "oui"]),
    ("phase:observation:debut", [False, 1, "9 h"]),
    ("phase:observation:fin", [False, 1]),
    ("phase:observation:duree", [True, -1, 1441, 20.0, "20"]),
    (
        "phase:observation:pause:p1",
        [True, "Alerte", {}, {"motif": " "}, {"motif": 1}, {"motif": "x", "y": 1}, {"motif": "x" * 10_001}],
    ),
    ("phase:observation:reprise:p1", [False, 1, {"motif": "x"}]),
    ("question:K1.1.1:q1", [True, "", " ", 1, {"texte": "x"}, "x" * 10_001]),
    ("lieu", [None, 1, "x" * 10_001]),
]  # fmt: skip


@pytest.mark.parametrize(("cible", "valeur"), [(c, v) for c, vs in ADMIS for v in vs], ids=_nom)
def test_les_valeurs_admises(cible: str, valeur: Any) -> None:
    assert verifier_fait(OBSERVATION, NORME, fait("f1", cible, valeur)) == analyser(cible)


@pytest.mark.parametrize(("cible", "valeur"), [(c, v) for c, vs in REFUSES for v in vs], ids=_nom)
def test_les_valeurs_refusees(cible: str, valeur: Any) -> None:
    with pytest.raises(Refus) as refus:
        verifier_fait(OBSERVATION, NORME, fait("f1", cible, valeur))
    assert (refus.value.code, refus.value.message) == (
        "valeur_inconnue",
        f"La valeur donnée à « {cible} » n'est pas admise.",
    )


HORS_DU_BLOC = [
    "critere:K2.1.1", "critere:C1.1", "commentaire:B2", "commentaire:K2.1.1", "competence_abordee:C2.1",
    "competence_abordee:K1.1.1", "phase:expose:debut", "entretien:e 1", "courrier:é", "entretien:" + "x" * 65,
    "phase:expose:pause:p1", "phase:observation:pause:é", "phase:observation:reprise:" + "x" * 65, "question:K2.1.1:q1",
    "question:C1.1:q1", "question:K1.1.1:é", "question:K1.1.1:" + "x" * 65,
]  # fmt: skip


@pytest.mark.parametrize("cible", HORS_DU_BLOC, ids=_nom)
def test_une_cible_hors_du_bloc_est_refusee(cible: str) -> None:
    with pytest.raises(Refus) as refus:
        verifier_fait(OBSERVATION, NORME, fait("f1", cible, None))
    assert (refus.value.code, refus.value.message) == (
        "cible_inconnue",
        f"La cible « {cible} » n'existe pas dans la grille du bloc B1.",
    )


def test_une_epreuve_sans_voie_n_en_admet_aucune() -> None:
    assert verifier_fait(PRESENTATION, NORME, fait("f1", "alternative", None)) == Cible(Genre.ALTERNATIVE)
    with pytest.raises(Refus) as refus:
        verifier_fait(PRESENTATION, NORME, fait("f1", "alternative", "double_ecoute"))
    assert refus.value.code == "valeur_inconnue"


RANG = "Le rang d'un geste est un entier, à partir de 1."
VUS = "Les gestes vus se donnent par un rang entier pour chaque appareil."
HEURE = "L'heure d'un geste porte son fuseau, et son horloge compte des millisecondes entières."


@pytest.mark.parametrize(
    ("champs", "code", "message"),
    [
        (
            {"norme": "1" * 64},
            "autre_norme",
            "Cette grille est jugée sous une autre version du référentiel que celle du geste.",
        ),
        ({"rang": 0}, "rang_invalide", RANG),
        ({"rang": True}, "rang_invalide", RANG),
        ({"rang": 1.0}, "rang_invalide", RANG),
        ({"vus": {"t2": -1}}, "vus_invalides", VUS),
        ({"vus": {"t2": 1, "t3": "2"}}, "vus_invalides", VUS),
        ({"vus": {"t2": True}}, "vus_invalides", VUS),
        ({"mural": datetime(2026, 11, 24, 9)}, "heure_invalide", HEURE),  # noqa: DTZ001 : c'est le défaut éprouvé
        ({"monotone_ms": -1}, "heure_invalide", HEURE),
        ({"monotone_ms": 1.5}, "heure_invalide", HEURE),
    ],
    ids=range(10),
)
def test_un_fait_mal_forme_est_refuse(champs: dict[str, Any], code: str, message: str) -> None:
    with pytest.raises(Refus) as refus:
        verifier_fait(OBSERVATION, NORME, fait("f1", "lieu", "ici", **champs))
    assert (refus.value.code, refus.value.message) == (code, message)


def test_les_bords_sont_admis() -> None:
    assert verifier_fait(OBSERVATION, NORME, fait("f1", "lieu", "ici", rang=1, vus={"t2": 0}, monotone_ms=0))


def test_avoir_vu() -> None:
    premier, second = fait("a", "lieu", "ici", "t1", 1), fait("b", "lieu", "là", "t1", 2)
    assert (second.avait_vu(premier), premier.avait_vu(second), premier.avait_vu(premier)) == (True, False, False)
    ailleurs = fait("c", "lieu", "là", "t2", 1, {"t1": 1})
    assert (ailleurs.avait_vu(premier), ailleurs.avait_vu(second), premier.avait_vu(ailleurs)) == (True, False, False)
    assert fait("d", "lieu", "là", "t3", 1).avait_vu(fait("e", "lieu", "là", "t4", 1)) is False


PANEL = ("Changement d'adresse", "Demande d'attestation")


@pytest.mark.parametrize(
    ("cible", "valeur", "panel", "attendu"),
    [
        ("courrier:c1", {"motif": "Autre chose", "preselectionne": True}, PANEL, True),
        ("courrier:c1", {"motif": "", "preselectionne": True}, PANEL, True),
        ("courrier:c1", {"motif": " Changement d'adresse ", "preselectionne": True}, PANEL, False),
        ("courrier:c1", {"motif": "Autre chose", "preselectionne": False}, PANEL, False),
        ("courrier:c1", {"motif": "Autre chose", "preselectionne": True}, (), False),
        ("courrier:c1", None, PANEL, False),
        ("entretien:e1", {"alternative": None}, PANEL, False),
        ("critere:K1.1.1", "valide", PANEL, False),
    ],
)
def test_un_courrier_dit_preselectionne_est_du_panel(
    cible: str, valeur: object, panel: tuple[str, ...], attendu: bool
) -> None:
    assert hors_du_panel(fait("f", cible, valeur), panel) is attendu
