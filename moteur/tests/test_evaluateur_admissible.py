"""Qui peut juger : énuméré contre un oracle naïf, tiré au hasard, et en cas que relit un certificateur."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import chain, combinations, product
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from moteur.lignee import Periode, Rattachement, lignee
from moteur.regles import evaluateur_admissible
from moteur.regles.evaluateur_admissible import (
    OBSTACLE_DE,
    TABLE_PAR_DEFAUT,
    Avis,
    ExigenceRegistre,
    GenreLien,
    Lien,
    Ligne,
    Obstacle,
    Portee,
    QualiteDeJuge,
    Situation,
    examiner,
)

EPREUVE = date(2026, 11, 20)
AVANT, APRES, PLUS_TARD = EPREUVE - timedelta(days=30), EPREUVE + timedelta(days=5), EPREUVE + timedelta(days=60)
DECISION = EPREUVE + timedelta(days=20)
PERIODES = {
    "toujours": Periode(),
    "fini avant": Periode(None, AVANT),
    "fini la veille": Periode(AVANT, EPREUVE),
    "le jour même": Periode(EPREUVE, EPREUVE + timedelta(days=1)),
    "né le lendemain": Periode(EPREUVE + timedelta(days=1), None),
    "né après": Periode(APRES, None),
    "né le jour de la décision": Periode(DECISION, None),
    "à naître": Periode(PLUS_TARD, None),
}


def situation(
    *liens: Lien, qualite: QualiteDeJuge = QualiteDeJuge.METIER, voie: str = "apprentissage", **changements: Any
) -> Situation:
    valeurs: dict[str, Any] = {"le": DECISION, "jours_epreuve": (EPREUVE,)} | changements
    return Situation(qualite=qualite, voie=voie, liens=liens, **valeurs)


# L'oracle naïf : jour après jour, sans intervalle ---------------------------------------------------------------------

CALENDRIER = [AVANT - timedelta(days=5) + timedelta(days=n) for n in range((PLUS_TARD - AVANT).days + 10)]


def oracle(table: tuple[Ligne, ...], cas: Situation) -> tuple[set[str], set[str]]:
    obstacles, signales = set(), set()
    for lien in cas.liens:
        vecus = [jour for jour in CALENDRIER if lien.periode.contient(jour)]
        barre = False
        for ligne in table:
            if ligne.lien is not lien.genre or cas.qualite not in ligne.qualites:
                continue
            if ligne.voies is not None and cas.voie not in ligne.voies:
                continue
            dernier = max(cas.jours_epreuve)
            barre |= {
                Portee.TOUTE_DATE: True,
                Portee.PRESENT_OU_PASSE: any(jour <= dernier for jour in vecus),
                Portee.JOUR_DE_L_EPREUVE: any(jour in vecus for jour in cas.jours_epreuve),
            }[ligne.portee]
        if barre:
            obstacles.add(OBSTACLE_DE[lien.genre].value)
        elif vecus and max(cas.jours_epreuve) < vecus[0] <= cas.le:
            signales.add(lien.genre.value)
    genres_ecartes = {genre.value for genre in GenreLien if OBSTACLE_DE[genre].value in obstacles}
    return obstacles, signales - genres_ecartes


def comparer(table: tuple[Ligne, ...], cas: Situation) -> None:
    avis = examiner(table, cas)
    obstacles, signales = oracle(table, cas)
    assert ({o.value for o in avis.obstacles}, {s.value for s in avis.signalements}) == (obstacles, signales)
    assert list(avis.obstacles) == sorted(avis.obstacles, key=list(Obstacle).index)
    assert list(avis.signalements) == sorted(avis.signalements, key=list(GenreLien).index)


# Tout le domaine des liens ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("qualite", list(QualiteDeJuge))
@pytest.mark.parametrize("voie", ["apprentissage", "vae"])
def test_chaque_lien_a_chaque_periode_en_chaque_qualite_par_chaque_voie(qualite: QualiteDeJuge, voie: str) -> None:
    seuls = [Lien(genre, periode) for genre, periode in product(GenreLien, PERIODES.values())]
    for lien in seuls:
        comparer(TABLE_PAR_DEFAUT, situation(lien, qualite=qualite, voie=voie))
    for paire in combinations(seuls, 2):
        comparer(TABLE_PAR_DEFAUT, situation(*paire, qualite=qualite, voie=voie))


def test_le_defaut_tient_dans_un_tableau() -> None:
    """Lien × période, hors VAE puis en VAE : O (écarte), s (se dit au jury), . (rien)."""

    def signe(genre: GenreLien, periode: Periode, voie: str) -> str:
        avis = examiner(TABLE_PAR_DEFAUT, situation(Lien(genre, periode), voie=voie))
        return "O" if avis.obstacles else "s" if avis.signalements else "."

    lus = {
        genre.value: tuple("".join(signe(genre, p, voie) for p in PERIODES.values()) for voie in ("autre", "vae"))
        for genre in GenreLien
    }
    assert lus == {
        "tutorat": ("OOOOOOOO", "OOOOOOOO"),
        "attestation": ("OOOOOOOO", "OOOOOOOO"),
        "formation": ("OOOOOOOO", "OOOOOOOO"),
        "accompagnement": ("....sss.", "OOOOOOOO"),
        "hierarchique": ("O..Osss.", "OOOOsss."),
        "professionnel": ("....sss.", "OOOOsss."),
        "personnel": ("....sss.", "OOOOsss."),
        "deliberation_annulee": ("OOOOOOOO", "OOOOOOOO"),
    }


def test_une_epreuve_commencee_un_autre_jour_que_prevu_compte_les_deux_jours() -> None:
    commencee = EPREUVE + timedelta(days=2)
    le_second = Lien(GenreLien.HIERARCHIQUE, Periode(commencee, None))
    le_premier = Lien(GenreLien.HIERARCHIQUE, Periode(None, commencee))
    for jours in ((EPREUVE, commencee), (commencee, EPREUVE)):
        for lien in (le_second, le_premier):
            assert examiner(TABLE_PAR_DEFAUT, situation(lien, jours_epreuve=jours)).obstacles == (
                Obstacle.HIERARCHIQUE,
            )
    assert examiner(TABLE_PAR_DEFAUT, situation(le_second)) == Avis((), (GenreLien.HIERARCHIQUE,))


DRAPEAUX = {
    "est_le_candidat": (True, Obstacle.CANDIDAT),
    "s_est_declaree_liee": (True, Obstacle.DECLARE),
    "recusee": (True, Obstacle.RECUSE),
    "tient_l_autre_qualite": (True, Obstacle.DEUX_QUALITES),
    "a_le_role": (False, Obstacle.SANS_ROLE),
    "habilite": (False, Obstacle.NON_HABILITE),
    "habilitation_personnelle": (False, Obstacle.HABILITATION_PERSONNELLE),
}


@pytest.mark.parametrize(
    "leves", list(chain.from_iterable(combinations(DRAPEAUX, n) for n in range(len(DRAPEAUX) + 1)))
)
def test_les_cent_vingt_huit_situations_sans_lien(leves: tuple[str, ...]) -> None:
    avis = examiner(TABLE_PAR_DEFAUT, situation(**{nom: DRAPEAUX[nom][0] for nom in leves}))
    assert avis == Avis(tuple(DRAPEAUX[nom][1] for nom in DRAPEAUX if nom in leves), ())
    assert avis.admissible is (leves == ())


def test_un_organisme_habilite_ou_qui_n_a_pas_a_l_etre_ne_gene_pas() -> None:
    assert examiner(TABLE_PAR_DEFAUT, situation(habilite=True)) == Avis((), ())
    assert examiner(TABLE_PAR_DEFAUT, situation(habilite=None)) == Avis((), ())


@pytest.mark.parametrize(
    ("exigence", "inscrite", "ecarte"),
    [
        (ExigenceRegistre.EXIGEE, True, False),
        (ExigenceRegistre.EXIGEE, False, True),
        (ExigenceRegistre.EXIGEE, None, True),
        (ExigenceRegistre.SI_INSCRITE, True, False),
        (ExigenceRegistre.SI_INSCRITE, False, True),
        (ExigenceRegistre.SI_INSCRITE, None, False),
        (ExigenceRegistre.SANS_EFFET, True, False),
        (ExigenceRegistre.SANS_EFFET, False, False),
        (ExigenceRegistre.SANS_EFFET, None, False),
    ],
)
def test_ce_que_le_reglement_exige_du_registre(exigence: ExigenceRegistre, inscrite: bool | None, ecarte: bool) -> None:
    avis = examiner(TABLE_PAR_DEFAUT, situation(habilitation_personnelle=inscrite, exigence_registre=exigence))
    assert avis == Avis((Obstacle.HABILITATION_PERSONNELLE,) if ecarte else (), ())


# Au hasard ---------------------------------------------------------------------------------------------------------

LIGNES = st.builds(
    Ligne,
    st.sampled_from(GenreLien),
    st.frozensets(st.sampled_from(QualiteDeJuge), min_size=1),
    st.none() | st.frozensets(st.sampled_from(["vae", "apprentissage"]), min_size=1),
    st.sampled_from(Portee),
)
LIENS = st.builds(Lien, st.sampled_from(GenreLien), st.sampled_from(list(PERIODES.values())))
VOIES = st.sampled_from(["vae", "apprentissage", "formation_continue"])


@given(
    st.lists(LIGNES, max_size=6).map(tuple), st.lists(LIENS, max_size=5), st.sampled_from(QualiteDeJuge), VOIES,
    st.lists(st.sampled_from([AVANT, EPREUVE, APRES]), min_size=1, max_size=2).map(tuple),
)  # fmt: skip
def test_toute_table_que_le_reglement_peut_ecrire(
    table: tuple[Ligne, ...], liens: list[Lien], qualite: QualiteDeJuge, voie: str, jours: tuple[date, ...]
) -> None:
    comparer(table, situation(*liens, qualite=qualite, voie=voie, jours_epreuve=jours))


@given(st.lists(LIENS, max_size=4), LIENS, st.sampled_from(QualiteDeJuge), VOIES)
def test_un_lien_de_plus_ne_rend_jamais_admissible_et_chaque_refus_nomme_un_lien_vrai(
    liens: list[Lien], de_plus: Lien, qualite: QualiteDeJuge, voie: str
) -> None:
    avant = examiner(TABLE_PAR_DEFAUT, situation(*liens, qualite=qualite, voie=voie))
    apres = examiner(TABLE_PAR_DEFAUT, situation(*liens, de_plus, qualite=qualite, voie=voie))
    assert set(avant.obstacles) <= set(apres.obstacles)
    vrais = {OBSTACLE_DE[lien.genre] for lien in (*liens, de_plus)}
    assert set(apres.obstacles) <= vrais


# En cas ------------------------------------------------------------------------------------------------------------

CAS = yaml.safe_load((Path(__file__).parent / "independance.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("cas", CAS, ids=range(len(CAS)))
def test_cas(cas: dict[str, Any]) -> None:
    assert set(cas) <= {"cas", "voie", "qualite", "epreuve", "decision", "liens", "hierarchie", "ecarte", "signale"}
    liens = [Lien(GenreLien(lien["genre"]), Periode(lien.get("du"), lien.get("au"))) for lien in cas.get("liens", [])]
    maillons = [
        Rattachement(m["agent"], m["responsable"], Periode(m.get("du"), m.get("au"))) for m in cas.get("hierarchie", [])
    ]
    liens += [
        Lien(GenreLien.HIERARCHIQUE, rang.periode)
        for rang in lignee(maillons, "candidat")
        if rang.personne == "évaluateur"
    ]
    avis = examiner(
        TABLE_PAR_DEFAUT,
        situation(
            *liens,
            qualite=QualiteDeJuge(cas.get("qualite", "metier")),
            voie=cas.get("voie", "formation_continue"),
            jours_epreuve=(cas["epreuve"],),
            le=cas.get("decision", cas["epreuve"]),
        ),
    )
    assert [str(obstacle) for obstacle in avis.obstacles] == cas.get("ecarte", [])
    assert [str(genre) for genre in avis.signalements] == cas.get("signale", [])


def test_la_regle_a_un_code_une_phrase_et_une_source() -> None:
    assert evaluateur_admissible.CODE == "EVALUATEUR-ADMISSIBLE"
    assert (evaluateur_admissible.__doc__ or "").startswith("Un représentant métier (sans lien hiérarchique")
    assert "Evaluation faite par" in evaluateur_admissible.SOURCE
    assert evaluateur_admissible.JUSQU_A is None
    assert {obstacle.value for obstacle in OBSTACLE_DE.values()} == {
        "evaluateur_est_tuteur",
        "evaluateur_est_manager",
        "evaluateur_est_formateur",
        "evaluateur_est_accompagnateur",
        "evaluateur_lien_hierarchique",
        "evaluateur_lien_professionnel",
        "evaluateur_lien_personnel",
        "evaluateur_deliberation_annulee",
    }
    assert set(OBSTACLE_DE) == set(GenreLien)
