"""Ce qui doit être vrai de toute grille de tout arbre (Hypothesis)."""

from __future__ import annotations

import random
from fractions import Fraction

import oracle
import pytest
from fabrique import codes, referentiel
from hypothesis import assume, given
from hypothesis import strategies as st

from moteur.decision import Decision, decider
from moteur.referentiel import Referentiel
from moteur.vocabulaire import Etat, Refus

SEUILS = st.sampled_from([(4, 5), (7, 10), (1, 2), (1, 1), (1, 3)])
FORMES = st.lists(st.lists(st.integers(1, 6), min_size=1, max_size=6).map(tuple), min_size=1, max_size=4).map(tuple)
ETATS = st.sampled_from(list(Etat))


@st.composite
def arbres(tirer: st.DrawFn) -> Referentiel:
    return referentiel(tirer(FORMES), tirer(SEUILS), tirer(SEUILS))


@st.composite
def grilles(tirer: st.DrawFn) -> tuple[Referentiel, dict[str, Etat]]:
    """Un arbre et une grille, où des critères peuvent manquer."""
    ref = tirer(arbres())
    noms = codes(ref)
    etats = tirer(st.lists(st.none() | ETATS, min_size=len(noms), max_size=len(noms)))
    return ref, {nom: etat for nom, etat in zip(noms, etats, strict=True) if etat is not None}


def verdicts(decision: Decision) -> list[bool | None]:
    assert decision.certification is not None
    blocs = [bloc.acquis for bloc in decision.blocs]
    return [decision.certification.acquis, *blocs, *(c.acquis for bloc in decision.blocs for c in bloc.detail)]


def marges(decision: Decision) -> list[int | None]:
    assert decision.certification is not None
    blocs = [bloc.marge for bloc in decision.blocs]
    return [decision.certification.marge, *blocs, *(c.marge for bloc in decision.blocs for c in bloc.detail)]


RANG = {False: 0, None: 1, True: 2}


@given(grilles(), st.data())
def test_valider_un_critere_de_plus_ne_fait_jamais_rien_perdre(
    grille: tuple[Referentiel, dict[str, Etat]], donnees: st.DataObject
) -> None:
    ref, etats = grille
    code = donnees.draw(st.sampled_from(codes(ref)))
    for moins, plus in [(Etat.NON_VALIDE, Etat.NON_OBSERVE), (Etat.NON_OBSERVE, Etat.VALIDE)]:
        avant, apres = decider(ref, {**etats, code: moins}), decider(ref, {**etats, code: plus})
        for pire, mieux in zip(verdicts(avant), verdicts(apres), strict=True):
            assert RANG[pire] <= RANG[mieux]
        for pire, mieux in zip(marges(avant), marges(apres), strict=True):
            assert pire is None or mieux is None or pire <= mieux


@given(grilles(), st.data())
def test_un_critere_change_la_marge_d_au_plus_un(
    grille: tuple[Referentiel, dict[str, Etat]], donnees: st.DataObject
) -> None:
    ref, etats = grille
    complets = {code: etats.get(code, Etat.NON_VALIDE) for code in codes(ref)}
    complets = {code: Etat.NON_VALIDE if etat is Etat.NON_OBSERVE else etat for code, etat in complets.items()}
    code = donnees.draw(st.sampled_from(codes(ref)))
    avant = marges(decider(ref, {**complets, code: Etat.NON_VALIDE}))
    apres = marges(decider(ref, {**complets, code: Etat.VALIDE}))
    for pire, mieux in zip(avant, apres, strict=True):
        assert pire is not None
        assert mieux is not None
        # Il n'y a pas de marge nulle : passer de −1 à 1 est un seul pas.
        assert mieux - pire in ((0, 1) if (pire > 0) == (mieux > 0) else (2,))


@given(grilles(), st.randoms(use_true_random=False))
def test_l_ordre_des_etats_ne_compte_pas(grille: tuple[Referentiel, dict[str, Etat]], hasard: random.Random) -> None:
    ref, etats = grille
    melanges = list(etats.items())
    hasard.shuffle(melanges)
    assert decider(ref, dict(melanges)) == decider(ref, etats)


@given(FORMES, SEUILS, SEUILS, st.randoms(use_true_random=False), st.data())
def test_l_ordre_des_criteres_des_competences_et_des_blocs_ne_compte_pas(
    forme: tuple[tuple[int, ...], ...],
    seuil_c: tuple[int, int],
    seuil_b: tuple[int, int],
    hasard: random.Random,
    donnees: st.DataObject,
) -> None:
    """On permute l'arbre et sa grille ensemble : verdicts et marges suivent, à chaque étage."""
    grille = [[[donnees.draw(ETATS) for _ in range(n)] for n in bloc] for bloc in forme]
    permutee = [[hasard.sample(competence, len(competence)) for competence in bloc] for bloc in grille]
    permutee = hasard.sample([hasard.sample(bloc, len(bloc)) for bloc in permutee], len(permutee))

    def juger(blocs: list[list[list[Etat]]]) -> tuple[object, list[object]]:
        ref = referentiel(tuple(tuple(map(len, bloc)) for bloc in blocs), seuil_c, seuil_b)
        plats = [etat for bloc in blocs for competence in bloc for etat in competence]
        decision = decider(ref, dict(zip(codes(ref), plats, strict=True)))
        assert decision.certification is not None
        resumes: list[object] = sorted(
            (str(b.acquis), str(b.marge), len(b.bascule or ()), sorted((str(c.acquis), str(c.marge)) for c in b.detail))
            for b in decision.blocs
        )
        certification = decision.certification
        return (certification.acquis, certification.marge, len(certification.bascule or ())), resumes

    assert juger(permutee) == juger(grille)


@given(grilles(), st.data())
def test_un_critere_ne_touche_que_sa_competence_son_bloc_et_la_certification(
    grille: tuple[Referentiel, dict[str, Etat]], donnees: st.DataObject
) -> None:
    ref, etats = grille
    code, etat = donnees.draw(st.sampled_from(codes(ref))), donnees.draw(ETATS)
    avant, apres = decider(ref, etats), decider(ref, {**etats, code: etat})
    bloc = ref.bloc_de(code)
    for un, autre in zip(avant.blocs, apres.blocs, strict=True):
        assert un.code == bloc.code or un == autre
        for c, d in zip(un.detail, autre.detail, strict=True):
            assert c == d or code in [k.code for k in ref.competence(c.code).criteres]


@given(grilles())
def test_decider_deux_fois_dit_deux_fois_la_meme_chose(grille: tuple[Referentiel, dict[str, Etat]]) -> None:
    ref, etats = grille
    assert decider(ref, etats) == decider(ref, dict(etats))


@given(grilles())
def test_un_critere_non_observe_vaut_un_critere_absent(grille: tuple[Referentiel, dict[str, Etat]]) -> None:
    ref, etats = grille
    assert decider(ref, {**dict.fromkeys(codes(ref), Etat.NON_OBSERVE), **etats}) == decider(ref, etats)


@given(grilles())
def test_ce_qui_est_decide_le_reste_quoi_qu_on_tranche(grille: tuple[Referentiel, dict[str, Etat]]) -> None:
    ref, etats = grille
    partiels = verdicts(decider(ref, etats))
    tranches = {code: etat for code, etat in etats.items() if etat is not Etat.NON_OBSERVE}
    pessimiste = verdicts(decider(ref, {**dict.fromkeys(codes(ref), Etat.NON_VALIDE), **tranches}))
    optimiste = verdicts(decider(ref, {**dict.fromkeys(codes(ref), Etat.VALIDE), **tranches}))
    for partiel, pire, mieux in zip(partiels, pessimiste, optimiste, strict=True):
        assert partiel is (pire if pire is mieux else None)


@given(grilles())
def test_la_bascule_bascule(grille: tuple[Referentiel, dict[str, Etat]]) -> None:
    """Changer toute la bascule renverse la décision ; en changer moins que la marge ne la renverse pas."""
    ref, etats = grille
    decidee = decider(ref, etats).certification
    assert decidee is not None
    assume(decidee.acquis is not None)
    tranches = {code: etat for code, etat in etats.items() if etat is not Etat.NON_OBSERVE}
    tranches = {**dict.fromkeys(codes(ref), Etat.NON_VALIDE), **tranches}
    assert decidee.bascule is not None
    assert decidee.marge is not None
    contraire = Etat.NON_VALIDE if decidee.acquis else Etat.VALIDE
    for changes, renverse in [(decidee.bascule, True), (decidee.bascule[: abs(decidee.marge) - 1], False)]:
        apres = decider(ref, {**tranches, **dict.fromkeys(changes, contraire)}).certification
        assert apres is not None
        assert (apres.acquis is not decidee.acquis) is renverse


@given(grilles(), st.text(min_size=1))
def test_un_code_inconnu_est_refuse(grille: tuple[Referentiel, dict[str, Etat]], code: str) -> None:
    ref, etats = grille
    assume(code not in codes(ref))
    with pytest.raises(Refus) as refus:
        decider(ref, {**etats, code: Etat.VALIDE})
    assert refus.value.code == "critere_inconnu"


@given(grilles())
def test_les_verdicts_tranches_sont_ceux_de_l_oracle(grille: tuple[Referentiel, dict[str, Etat]]) -> None:
    ref, etats = grille
    forme = tuple(tuple(len(c.criteres) for c in bloc.competences()) for bloc in ref.blocs)
    plats = [etats.get(code) is Etat.VALIDE for code in codes(ref)]
    tranches = {code: Etat.VALIDE if oui else Etat.NON_VALIDE for code, oui in zip(codes(ref), plats, strict=True)}
    seuil_c = Fraction(ref.seuil_competence.numerateur, ref.seuil_competence.denominateur)
    seuil_b = Fraction(ref.seuil_bloc.numerateur, ref.seuil_bloc.denominateur)
    decision = decider(ref, tranches)
    assert decision.certification is not None
    assert decision.certification.acquis is oracle.certification_acquise(forme, plats, seuil_c, seuil_b)
    cout = oracle.cout_certification(forme, plats, seuil_c, seuil_b)
    assert decision.certification.marge == (cout if decision.certification.acquis else -cout)
