"""Les questions de l'entretien : tout ce qui n'est pas validé, une fois, dans l'ordre dit."""

from __future__ import annotations

from itertools import product

import pytest
from fabrique import codes, fait, referentiel
from hypothesis import given
from hypothesis import strategies as st

from moteur.entretien import ADemander, a_demander, demande_un_expose, rang_de_question, textes_poses
from moteur.faits import Fait
from moteur.grille import grille_courante
from moteur.vocabulaire import Etat

REF = referentiel()
OBSERVATION, EXPOSE = REF.blocs[:2]
ETATS = (None, *Etat)


@pytest.mark.parametrize(("etat", "abordee"), list(product(ETATS, (True, False))))
def test_chaque_cas_a_son_rang(etat: Etat | None, abordee: bool) -> None:
    attendu = {
        (Etat.VALIDE, True): None,
        (Etat.VALIDE, False): None,
        (Etat.NON_VALIDE, True): 2,
        (Etat.NON_VALIDE, False): 2,
        (Etat.NON_OBSERVE, True): 1,
        (Etat.NON_OBSERVE, False): 0,
        (None, True): 1,
        (None, False): 0,
    }
    assert rang_de_question(etat, abordee=abordee) == attendu[etat, abordee]


def test_seul_le_bloc_a_expose_en_demande_un() -> None:
    assert [demande_un_expose(bloc) for bloc in REF.blocs] == [False, True, False, False]


def _faits(etats: list[Etat | None], abordees: list[bool]) -> list[Fait]:
    bloc = EXPOSE
    gestes = [(f"critere:{c.code}", e.value) for c, e in zip(bloc.criteres(), etats, strict=True) if e is not None]
    dits = [(f"competence_abordee:{c.code}", oui) for c, oui in zip(bloc.competences(), abordees, strict=True)]
    return [fait(f"{n:03}", cible, valeur, rang=n) for n, (cible, valeur) in enumerate([*gestes, *dits], start=1)]


tirages = st.tuples(
    st.lists(st.sampled_from(ETATS), min_size=20, max_size=20), st.lists(st.booleans(), min_size=5, max_size=5)
)


@given(tirages)
def test_rien_de_valide_tout_le_reste_une_fois_et_dans_l_ordre(tirage: tuple[list[Etat | None], list[bool]]) -> None:
    etats, abordees = tirage
    liste = a_demander(EXPOSE, grille_courante(_faits(etats, abordees)))
    ordre = [critere.code for critere in EXPOSE.criteres()]
    valides = {code for code, etat in zip(ordre, etats, strict=True) if etat is Etat.VALIDE}
    assert sorted(une.critere for une in liste) == sorted(set(ordre) - valides)
    assert [(une.rang, ordre.index(une.critere)) for une in liste] == sorted(
        (une.rang, ordre.index(une.critere)) for une in liste
    )


def test_d_abord_ce_que_l_expose_n_a_pas_aborde() -> None:
    abordee = EXPOSE.competences()[1]
    liste = a_demander(EXPOSE, grille_courante([fait("a", f"competence_abordee:{abordee.code}", True)]))
    dites = {critere.code for critere in abordee.criteres}
    assert [une.rang for une in liste] == [0] * (len(EXPOSE.criteres()) - len(dites)) + [1] * len(dites)
    assert {une.critere for une in liste if une.rang == 1} == dites


def test_hors_d_un_expose_nul_n_est_dit_non_aborde() -> None:
    liste = a_demander(OBSERVATION, grille_courante([fait("a", "critere:K1.1.1", "non_valide")]))
    assert [une.critere for une in liste] == [*[c for c in codes(REF)[:30] if c != "K1.1.1"], "K1.1.1"]
    assert {une.rang for une in liste[:-1]} == {1}
    assert liste[-1] == ADemander("K1.1.1", 2, ())


def test_une_question_posee_se_voit_puis_se_retire() -> None:
    posees = [
        fait("a", "question:K1.1.2:q2", "Et si l'appelant refuse ?", rang=1),
        fait("b", "question:K1.1.2:q1", "Comment avez-vous choisi ?", rang=2),
        fait("c", "question:K1.1.3:q1", "Une autre.", rang=3),
        fait("d", "question:K1.1.3:q1", None, rang=4),
    ]
    grille = grille_courante(posees)
    assert grille.questions == {
        "K1.1.2": {"q1": "Comment avez-vous choisi ?", "q2": "Et si l'appelant refuse ?"},
    }
    dites = {une.critere: une.posees for une in a_demander(OBSERVATION, grille)}
    assert dites["K1.1.2"] == ("Comment avez-vous choisi ?", "Et si l'appelant refuse ?")
    assert (dites["K1.1.3"], textes_poses(grille.questions, "K1.1.1")) == ((), ())
