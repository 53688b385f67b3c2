"""Le lot dit ce que dit le moteur, grille par grille."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import numpy as np
import pytest
from fabrique import codes, referentiel
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from moteur import lot
from moteur.decision import decider
from moteur.lot import Lot, Marges
from moteur.referentiel import Referentiel
from moteur.vocabulaire import Etat, Refus


def une_a_une(ref: Referentiel, grilles: NDArray[np.bool_]) -> tuple[list[list[int]], list[list[int]], list[int]]:
    """Les marges des compétences, des blocs et de la certification, demandées au moteur une grille après l'autre."""
    competences, blocs, certifications = [], [], []
    for grille in grilles.tolist():
        etats = [Etat.VALIDE if oui else Etat.NON_VALIDE for oui in grille]
        decision = decider(ref, dict(zip(codes(ref), etats, strict=True)))
        assert decision.certification is not None
        competences.append([c.marge for bloc in decision.blocs for c in bloc.detail])
        blocs.append([bloc.marge for bloc in decision.blocs])
        certifications.append(decision.certification.marge)
    return competences, blocs, certifications  # type: ignore[return-value]


def egales(ref: Referentiel, grilles: NDArray[np.bool_]) -> None:
    marges = Lot(ref).marges(grilles)
    assert (marges.competences.tolist(), marges.blocs.tolist(), marges.certification.tolist()) == une_a_une(
        ref, grilles
    )


@pytest.mark.parametrize("part", [0.1, 0.5, 0.8, 0.95, 0.99])
def test_sur_le_vrai_referentiel(part: float) -> None:
    egales(referentiel(), np.random.default_rng(1).random((300, 73)) < part)


def test_tout_valide_et_rien_de_valide() -> None:
    egales(referentiel(), np.array([[True] * 73, [False] * 73]))


@given(
    st.lists(st.lists(st.integers(1, 5), min_size=1, max_size=5).map(tuple), min_size=1, max_size=3).map(tuple),
    st.sampled_from([(4, 5), (1, 2), (1, 1)]),
    st.sampled_from([(4, 5), (7, 10), (1, 3)]),
    st.integers(0, 2**32),
)
def test_sur_tout_referentiel(
    forme: tuple[tuple[int, ...], ...], seuil_c: tuple[int, int], seuil_b: tuple[int, int], graine: int
) -> None:
    ref = referentiel(forme, seuil_c, seuil_b)
    egales(ref, np.random.default_rng(graine).random((10, len(codes(ref)))) < 0.7)


@pytest.mark.parametrize("nombre", [0, 1, lot.PAQUET - 1, lot.PAQUET, lot.PAQUET + 1])
def test_aucune_grille_ne_se_perd_entre_deux_paquets(nombre: int) -> None:
    ref = referentiel(((2, 1), (1,)))
    grilles = np.random.default_rng(2).random((nombre, 4)) < 0.7
    marges = Lot(ref).marges(grilles)
    situations = {tuple(grille): une_a_une(ref, np.array([grille]))[2][0] for grille in np.unique(grilles, axis=0)}
    assert marges.certification.tolist() == [situations[tuple(grille)] for grille in grilles]
    assert (marges.competences.shape, marges.blocs.shape) == ((nombre, 3), (nombre, 2))


def test_les_paquets_se_suivent_sans_se_recouvrir(monkeypatch: pytest.MonkeyPatch) -> None:
    tranches = []
    remplir = Lot._remplir

    def noter(self: Lot, marges: Marges, tranche: slice, comptes: NDArray[np.int32]) -> None:
        tranches.append(tranche)
        remplir(self, marges, tranche, comptes)

    monkeypatch.setattr(lot, "PAQUET", 4)
    monkeypatch.setattr(Lot, "_remplir", noter)
    egales(referentiel(((2, 1), (1,))), np.random.default_rng(3).random((9, 4)) < 0.7)
    assert tranches == [slice(0, 4), slice(4, 8), slice(8, 12)]


def test_les_tableaux_restent_petits() -> None:
    """Deux octets par marge, quatre par poids : c'est ce qui tient dans le cache du processeur."""
    juge = Lot(referentiel())
    marges = juge.marges(np.zeros((1, 73), dtype=bool))
    petits = [marges.competences, marges.blocs, marges.certification, juge._requis, *juge._tables]
    assert {tableau.dtype for tableau in petits} == {np.dtype(np.int16)}
    assert juge._poids.dtype == np.float32


def test_une_marge_nulle_ne_serait_pas_acquise() -> None:
    zero = np.zeros((1, 1), dtype=np.int16)
    assert [verdict.any() for verdict in Marges(zero, zero, zero[0]).verdicts()] == [False, False, False]


def test_les_verdicts_sont_les_signes_des_marges() -> None:
    marges = Lot(referentiel(((2, 1), (1,)))).marges(np.array([[True, True, True, False], [True] * 4]))
    competences, blocs, certification = marges.verdicts()
    assert competences.tolist() == [[True, True, False], [True, True, True]]
    assert blocs.tolist() == [[True, False], [True, True]]
    assert certification.tolist() == [False, True]


@pytest.mark.parametrize(
    "grilles",
    [np.zeros((2, 72), dtype=bool), np.zeros((2, 73), dtype=np.int8), np.zeros(73, dtype=bool)],
    ids=["colonnes", "type", "vecteur"],
)
def test_une_autre_matrice_est_refusee(grilles: NDArray[np.bool_]) -> None:
    with pytest.raises(Refus) as refus:
        Lot(referentiel()).marges(grilles)
    assert (refus.value.code, refus.value.message) == (
        "forme",
        "Une matrice de booléens à 73 colonnes est attendue.",
    )


def test_un_bloc_trop_grand_pour_une_table_est_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lot, "SITUATIONS_MAXIMALES", 44_100)
    assert Lot(referentiel())  # 6 × 7 × 7 × 5 × 5 × 6 situations au bloc 1 : juste assez
    monkeypatch.setattr(lot, "SITUATIONS_MAXIMALES", 44_099)
    with pytest.raises(Refus) as refus:
        Lot(referentiel())
    assert (refus.value.code, refus.value.message) == (
        "lot_trop_grand",
        "Le bloc B1 a trop de situations pour être jugé par lot.",
    )


def test_un_compte_que_float32_ne_porterait_pas_est_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    ref = referentiel(((2, 1),))  # le plus grand numéro de situation est 5
    monkeypatch.setattr(lot, "ENTIERS_EXACTS", 6)
    assert Lot(ref)
    monkeypatch.setattr(lot, "ENTIERS_EXACTS", 5)
    with pytest.raises(Refus) as refus:
        Lot(ref)
    assert (refus.value.code, refus.value.message) == (
        "lot_trop_grand",
        "Le référentiel est trop grand pour être jugé par lot.",
    )


@pytest.mark.skipif("MUTANT_UNDER_TEST" in os.environ, reason="le code muté importe l'outil de mutation")
def test_numpy_n_est_demande_que_par_le_lot() -> None:
    """Chaque autre module du moteur s'importe sans numpy ni rien d'autre que la bibliothèque standard."""
    programme = (
        "import pkgutil, sys, moteur\n"
        "noms = [m.name for m in pkgutil.walk_packages(moteur.__path__, 'moteur.') if m.name != 'moteur.lot']\n"
        "[__import__(nom) for nom in noms]\n"
        "racines = {nom.partition('.')[0] for nom in sys.modules}\n"
        "print(len(noms), sorted(racines - set(sys.stdlib_module_names) - {'moteur', '__main__', '__mp_main__'}))"
    )
    vu = subprocess.run(
        [sys.executable, "-S", "-c", programme], env=_chemin_du_moteur(), capture_output=True, text=True, check=True
    )
    nombre, etrangers = re.fullmatch(r"(\d+) (.*)\n", vu.stdout).groups()  # type: ignore[union-attr]
    assert int(nombre) > 15
    assert etrangers == "[]"


def _chemin_du_moteur() -> dict[str, str]:
    import moteur

    return {"PYTHONPATH": str(moteur.__path__[0]).removesuffix("moteur")}
