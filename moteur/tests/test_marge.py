"""La marge et la bascule : force brute sur tous les petits arbres, moindre coût essayé à chaque étage sur le vrai."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement, groupby, product

import oracle
import pytest
from fabrique import FORME_REELLE, codes, referentiel
from oracle import Forme

from moteur.decision import (
    DecisionBloc,
    DecisionCertification,
    decider,
    decider_bloc,
    decider_certification,
    decider_competence,
)
from moteur.marge import Renversement, bascule, critere, marge, renverser
from moteur.vocabulaire import Etat

SEUILS = [((4, 5), (4, 5)), ((1, 2), (1, 2)), ((7, 10), (1, 1))]


def partitions(n: int, maximum: int | None = None) -> Iterator[tuple[int, ...]]:
    """Les blocs de `n` critères : les tailles de leurs compétences, de la plus grande à la plus petite."""
    if n == 0:
        yield ()
    for grande in range(min(n, n if maximum is None else maximum), 0, -1):
        for suite in partitions(n - grande, grande):
            yield (grande, *suite)


def formes(n: int) -> Iterator[Forme]:
    """Tous les arbres de `n` critères, l'ordre des compétences et des blocs mis à part (il ne compte pas)."""
    for tailles in partitions(n):
        groupes = [(taille, len(list(groupe))) for taille, groupe in groupby(tailles)]
        choix = [combinations_with_replacement(list(partitions(taille)), fois) for taille, fois in groupes]
        for blocs in product(*choix):
            yield tuple(bloc for groupe in blocs for bloc in groupe)


@cache
def situations_d_un_bloc(bloc: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Les comptes de critères validés d'un bloc, à l'échange près de deux compétences de même taille."""
    groupes = [(taille, len(list(groupe))) for taille, groupe in groupby(bloc)]
    choix = [combinations_with_replacement(range(taille + 1), fois) for taille, fois in groupes]
    return [tuple(compte for groupe in comptes for compte in groupe) for comptes in product(*choix)]


def situations(forme: Forme) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Les grilles tranchées d'un arbre, à l'échange près de deux critères, compétences ou blocs pareils."""
    groupes = [(bloc, len(list(groupe))) for bloc, groupe in groupby(forme)]
    choix = [combinations_with_replacement(situations_d_un_bloc(bloc), fois) for bloc, fois in groupes]
    for blocs in product(*choix):
        yield tuple(bloc for groupe in blocs for bloc in groupe)


def eprouver(forme: Forme, seuil_c: tuple[int, int], seuil_b: tuple[int, int]) -> int:
    """Compare le moteur au treillis dans toutes les situations d'un arbre ; rend leur nombre."""
    treillis = oracle.treillis(forme, Fraction(*seuil_c), Fraction(*seuil_b))
    ref = referentiel.__wrapped__(forme, seuil_c, seuil_b)
    noms = codes(ref)
    nombre = 0
    for situation in situations(forme):
        grille = grille_de(forme, situation)
        etats = {nom: Etat.VALIDE if oui else Etat.NON_VALIDE for nom, oui in zip(noms, grille, strict=True)}
        comparer(decider(ref, etats).certification, treillis, grille, noms)
        nombre += 1
    return nombre


def eprouver_par_etages(forme: Forme, seuil_c: tuple[int, int], seuil_b: tuple[int, int]) -> int:
    """La même comparaison, quinze fois plus vite : les blocs déjà décidés par le moteur ne le sont pas deux fois."""
    treillis = oracle.treillis(forme, Fraction(*seuil_c), Fraction(*seuil_b))
    ref = referentiel.__wrapped__(forme, seuil_c, seuil_b)
    noms = codes(ref)

    @cache
    def decision_de_bloc(rang: int, comptes: tuple[int, ...]) -> tuple[DecisionBloc, tuple[bool, ...]]:
        bloc, detail, grille = ref.blocs[rang], [], []
        for competence, compte in zip(bloc.competences(), comptes, strict=True):
            oui_non = [k < compte for k in range(len(competence.criteres))]
            etats = {
                k.code: Etat.VALIDE if oui else Etat.NON_VALIDE
                for k, oui in zip(competence.criteres, oui_non, strict=True)
            }
            detail.append(decider_competence(competence, etats, ref.seuil_competence.requis(len(oui_non))))
            grille += oui_non
        return decider_bloc(bloc, detail, ref.seuil_bloc.requis(len(detail))), tuple(grille)

    nombre = 0
    for situation in situations(forme):
        blocs = [decision_de_bloc(rang, comptes) for rang, comptes in enumerate(situation)]
        grille = [oui for _, oui_non in blocs for oui in oui_non]
        comparer(decider_certification([bloc for bloc, _ in blocs]), treillis, grille, noms)
        nombre += 1
    return nombre


def grille_de(forme: Forme, situation: tuple[tuple[int, ...], ...]) -> list[bool]:
    """Les premiers critères de chaque compétence sont validés, autant que dit la situation."""
    return [
        rang < compte
        for bloc, comptes in zip(forme, situation, strict=True)
        for taille, compte in zip(bloc, comptes, strict=True)
        for rang in range(taille)
    ]


def comparer(
    decision: DecisionCertification | None, treillis: list[tuple[int, int]], grille: list[bool], noms: list[str]
) -> None:
    attendue, masque = treillis[sum(1 << rang for rang, oui in enumerate(grille) if oui)]
    porteurs = tuple([nom for rang, nom in enumerate(noms) if masque >> rang & 1])
    assert decision is not None
    assert (decision.acquis, decision.marge, decision.bascule) == (attendue > 0, attendue, porteurs), grille


#: Le nombre de situations des arbres de n critères : la double transformée d'Euler de n + 1, calculée à part.
NOMBRE_DE_SITUATIONS = [1, 2, 9, 30, 105, 334, 1071, 3282, 9968, 29556, 86548, 249402, 710435, 1999000]


@pytest.mark.parametrize(("seuil_c", "seuil_b"), SEUILS, ids=str)
@pytest.mark.parametrize("n", range(1, 6))
def test_tous_les_arbres_jusqu_a_5_criteres(n: int, seuil_c: tuple[int, int], seuil_b: tuple[int, int]) -> None:
    assert sum(eprouver(forme, seuil_c, seuil_b) for forme in formes(n)) == NOMBRE_DE_SITUATIONS[n]


@pytest.mark.parametrize("n", range(6, 10))
def test_tous_les_blocs_jusqu_a_9_criteres(n: int) -> None:
    for bloc in partitions(n):
        eprouver((bloc,), (4, 5), (4, 5))


@pytest.mark.prouver
@pytest.mark.parametrize("n", range(6, 10))
def test_tous_les_arbres_jusqu_a_9_criteres(n: int) -> None:
    assert sum(eprouver(forme, (4, 5), (4, 5)) for forme in formes(n)) == NOMBRE_DE_SITUATIONS[n]


@pytest.mark.prouver
@pytest.mark.parametrize("n", range(9, 14))
def test_tous_les_arbres_jusqu_a_13_criteres(n: int) -> None:
    assert sum(eprouver_par_etages(forme, (4, 5), (4, 5)) for forme in formes(n)) == NOMBRE_DE_SITUATIONS[n]


@pytest.mark.prouver
@pytest.mark.parametrize(("seuil_c", "seuil_b"), SEUILS[1:], ids=str)
@pytest.mark.parametrize("n", range(6, 11))
def test_tous_les_arbres_jusqu_a_10_criteres_aux_autres_seuils(
    n: int, seuil_c: tuple[int, int], seuil_b: tuple[int, int]
) -> None:
    assert sum(eprouver_par_etages(forme, seuil_c, seuil_b) for forme in formes(n)) == NOMBRE_DE_SITUATIONS[n]


def au_moindre_cout(graine: int, combien: int) -> None:
    """Sur le vrai arbre : la marge est le moindre coût, et un critère de la bascule est un pas sur ce chemin."""
    hasard, quatre = random.Random(graine), Fraction(4, 5)
    ref = referentiel()
    noms = codes(ref)
    for _ in range(combien):
        part = hasard.choice((0.3, 0.6, 0.8, 0.9, 0.97, 1.0))
        grille = [hasard.random() < part for _ in noms]
        etats = {nom: Etat.VALIDE if oui else Etat.NON_VALIDE for nom, oui in zip(noms, grille, strict=True)}
        decision = decider(ref, etats).certification
        assert decision is not None
        acquis = oracle.certification_acquise(FORME_REELLE, grille, quatre, quatre)
        cout = oracle.cout_certification(FORME_REELLE, grille, quatre, quatre)
        assert (decision.acquis, decision.marge) == (acquis, cout if acquis else -cout)
        attendue = []
        for rang, nom in enumerate(noms):
            if grille[rang] is not acquis:
                continue
            voisine = [*grille[:rang], not grille[rang], *grille[rang + 1 :]]
            bascule = oracle.certification_acquise(FORME_REELLE, voisine, quatre, quatre) is not acquis
            reste = 0 if bascule else oracle.cout_certification(FORME_REELLE, voisine, quatre, quatre)
            if reste == cout - 1:
                attendue.append(nom)
        assert decision.bascule == tuple(attendue)


def test_le_vrai_arbre_au_moindre_cout() -> None:
    au_moindre_cout(graine=2021, combien=60)


@pytest.mark.prouver
def test_le_vrai_arbre_au_moindre_cout_longuement() -> None:
    au_moindre_cout(graine=2022, combien=2_000)


def test_un_critere_se_renverse_lui_meme() -> None:
    assert critere("K1", valide=True) == Renversement(True, 1, ("K1",), ())
    assert critere("K1", valide=False) == Renversement(False, 1, ("K1",), ())


def test_les_porteurs_sont_les_rangs_des_enfants_les_moins_chers_ex_aequo_compris() -> None:
    def enfant(acquis: bool, cout: int, code: str) -> Renversement:
        return Renversement(acquis, cout, (code,), ())

    enfants = [
        enfant(True, 3, "a"),
        enfant(True, 1, "b"),
        enfant(False, 1, "c"),
        enfant(True, 2, "d"),
        enfant(True, 2, "e"),
    ]
    # 4 acquis, il en faut 3 : en perdre 2, le 1 et l'un des deux 2.
    assert renverser(3, enfants) == Renversement(True, 3, ("b", "d", "e"), (1, 3, 4))
    # 4 acquis, il en faut 5 : gagner le seul qui manque.
    assert renverser(5, enfants) == Renversement(False, 1, ("c",), (2,))


def test_la_marge_et_la_bascule_se_taisent_tant_que_rien_n_est_decide() -> None:
    renversement = Renversement(True, 2, ("K1", "K2"), (0,))
    assert (marge(True, renversement), bascule(True, renversement)) == (2, ("K1", "K2"))
    assert (marge(False, renversement), bascule(False, renversement)) == (-2, ("K1", "K2"))
    assert (marge(None, renversement), bascule(None, renversement)) == (None, None)
