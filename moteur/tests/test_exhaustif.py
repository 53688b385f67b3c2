"""Tout énumérer : chaque étage ne voit que l'étage du dessous, la preuve est donc une somme de petits cas."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import oracle
import pytest
from fabrique import FORME_REELLE, codes, referentiel

from moteur.decision import decider, decider_bloc, decider_competence
from moteur.marge import Renversement
from moteur.regles import bloc_valide, certification_obtenue, competence_validee
from moteur.vocabulaire import Etat, Seuil

SEUILS = [(4, 5), (7, 10), (1, 2), (1, 1)]
TROIS = (True, False, None)
ETAT = {True: Etat.VALIDE, False: Etat.NON_VALIDE, None: Etat.NON_OBSERVE}


@pytest.mark.parametrize("seuil", SEUILS, ids=str)
@pytest.mark.parametrize("n", range(1, 13))
def test_competence_et_bloc_de_1_a_12_elements(n: int, seuil: tuple[int, int]) -> None:
    requis = Seuil(*seuil).requis(n)
    for etats in product((True, False), repeat=n):
        attendu = oracle.atteint(sum(etats), n, Fraction(*seuil))
        assert competence_validee.verdict(etats, requis) is attendu
        assert bloc_valide.verdict(etats, requis) is attendu


@pytest.mark.parametrize("seuil", SEUILS, ids=str)
@pytest.mark.parametrize("n", range(1, 7))
def test_trois_valeurs_de_1_a_6_elements(n: int, seuil: tuple[int, int]) -> None:
    _trois_valeurs(n, seuil)


@pytest.mark.prouver
@pytest.mark.parametrize("seuil", SEUILS, ids=str)
@pytest.mark.parametrize("n", range(7, 10))
def test_trois_valeurs_de_7_a_9_elements(n: int, seuil: tuple[int, int]) -> None:
    _trois_valeurs(n, seuil)


@pytest.mark.parametrize("seuil", SEUILS, ids=str)
@pytest.mark.parametrize("n", range(7, 13))
def test_trois_valeurs_de_7_a_12_elements_par_comptes(n: int, seuil: tuple[int, int]) -> None:
    """L'ordre n'y fait rien (prouvé à part) : il reste à essayer tous les comptes de validés et d'ouverts."""
    requis = Seuil(*seuil).requis(n)
    for valides in range(n + 1):
        for ouverts in range(n + 1 - valides):
            etats = [True] * valides + [None] * ouverts + [False] * (n - valides - ouverts)
            reponses = (oracle.atteint(valides + sus, n, Fraction(*seuil)) for sus in range(ouverts + 1))
            assert competence_validee.verdict(etats, requis) is oracle.consensus(reponses)


def _trois_valeurs(n: int, seuil: tuple[int, int]) -> None:
    requis = Seuil(*seuil).requis(n)
    for etats in product(TROIS, repeat=n):
        reponses = (oracle.atteint(sum(choix), n, Fraction(*seuil)) for choix in oracle.reglements(etats))
        attendu = oracle.consensus(reponses)
        assert competence_validee.verdict(etats, requis) is attendu
        assert bloc_valide.verdict(etats, requis) is attendu


@pytest.mark.parametrize("n", range(1, 7))
def test_certification_de_1_a_6_blocs(n: int) -> None:
    for etats in product(TROIS, repeat=n):
        attendu = oracle.consensus(all(choix) for choix in oracle.reglements(etats))
        assert certification_obtenue.verdict(etats) is attendu


def test_chaque_competence_du_referentiel_dans_chacune_de_ses_situations() -> None:
    """18 compétences, 3^n situations chacune : verdict, comptes, marge et bascule, contre l'oracle."""
    ref, quatre = referentiel(), Fraction(4, 5)
    cas = 0
    for competence in ref.competences():
        noms = [critere.code for critere in competence.criteres]
        n, requis = len(noms), ref.seuil_competence.requis(len(noms))
        treillis = oracle.treillis(((n,),), quatre, Fraction(1))
        for etats in product(TROIS, repeat=n):
            cas += 1
            decision = decider_competence(
                competence, {nom: ETAT[etat] for nom, etat in zip(noms, etats, strict=True)}, requis
            )
            acquis = oracle.consensus(oracle.competence_acquise(c, quatre) for c in oracle.reglements(etats))
            assert decision.code == competence.code
            assert decision.acquis is acquis
            assert (decision.valides, decision.criteres, decision.requis) == (etats.count(True), n, requis)
            assert decision.ouverts == tuple(nom for nom, etat in zip(noms, etats, strict=True) if etat is None)
            marge, masque = treillis[sum(1 << k for k, etat in enumerate(etats) if etat)]
            bascule = tuple(nom for k, nom in enumerate(noms) if masque >> k & 1)
            assert decision.marge == (None if acquis is None else marge)
            assert decision.bascule == (None if acquis is None else bascule)
    assert cas == sum(3**n for bloc in FORME_REELLE for n in bloc)


def test_chaque_bloc_du_referentiel_pour_chaque_reponse_de_ses_competences() -> None:
    ref = referentiel()
    for bloc, forme in zip(ref.blocs, FORME_REELLE, strict=True):
        competences = bloc.competences()
        requis = ref.seuil_bloc.requis(len(forme))
        for reponses in product(TROIS, repeat=len(forme)):
            detail = [
                decider_competence(competence, {critere.code: ETAT[reponse] for critere in competence.criteres}, 1)
                for competence, reponse in zip(competences, reponses, strict=True)
            ]
            decision = decider_bloc(bloc, detail, requis)
            attendu = oracle.consensus(
                oracle.atteint(sum(choix), len(forme), Fraction(4, 5)) for choix in oracle.reglements(reponses)
            )
            assert decision.acquis is attendu
            assert (decision.code, decision.competences, decision.requis) == (bloc.code, len(forme), requis)
            assert decision.competences_acquises == reponses.count(True)
            assert decision.detail == tuple(detail)


def _petites_formes(criteres: int) -> list[tuple[tuple[int, ...], ...]]:
    """Toutes les formes (blocs, compétences, critères) de ce nombre de critères, ordre compris."""
    if criteres == 0:
        return [()]
    return [
        (bloc, *suite)
        for taille in range(1, criteres + 1)
        for bloc in _compositions(taille)
        for suite in _petites_formes(criteres - taille)
    ]


def _compositions(n: int) -> list[tuple[int, ...]]:
    if n == 0:
        return [()]
    return [(premier, *suite) for premier in range(1, n + 1) for suite in _compositions(n - premier)]


@pytest.mark.parametrize("seuils", [((4, 5), (4, 5)), ((1, 2), (1, 2)), ((7, 10), (1, 2))], ids=str)
def test_trois_valeurs_a_tous_les_etages_de_tous_les_arbres_de_5_criteres(
    seuils: tuple[tuple[int, int], tuple[int, int]],
) -> None:
    seuil_c, seuil_b = Fraction(*seuils[0]), Fraction(*seuils[1])
    for n in range(1, 6):
        for forme in _petites_formes(n):
            ref = referentiel(forme, *seuils)
            noms = codes(ref)
            for etats in product(TROIS, repeat=n):
                decision = decider(ref, {nom: ETAT[e] for nom, e in zip(noms, etats, strict=True)})
                assert decision.certification is not None
                reponses = (oracle.certification_acquise(forme, c, seuil_c, seuil_b) for c in oracle.reglements(etats))
                assert decision.certification.acquis is oracle.consensus(reponses)
                for bloc, competences in zip(decision.blocs, oracle.decouper(forme, etats), strict=True):
                    plats = [etat for competence in competences for etat in competence]
                    tailles = (tuple(map(len, competences)),)
                    reponses = (
                        oracle.certification_acquise(tailles, c, seuil_c, seuil_b) for c in oracle.reglements(plats)
                    )
                    assert bloc.acquis is oracle.consensus(reponses)


def test_un_renversement_est_compare_par_valeur() -> None:
    assert Renversement(True, 1, ("K",), (0,)) == Renversement(True, 1, ("K",), (0,))
