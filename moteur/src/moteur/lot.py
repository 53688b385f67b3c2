"""Les mêmes marges pour des millions de grilles à la fois (numpy, facultatif).

Une grille est une ligne de booléens : critère validé, ou non. Tout y est tranché ; un verdict est donc le signe de la
marge. Le moteur (`moteur.marge`) calcule une fois, au départ, la marge de chaque situation de bloc ; le lot ne fait
que compter les critères validés et relire ces tables.

Une situation de bloc est le nombre de critères validés dans chacune de ses compétences. Elle se numérote en base mixte,
et ce numéro est une somme pondérée des booléens : un seul produit de matrices donne, pour chaque grille, tous les
comptes de compétences et tous les numéros de blocs. Le produit se fait en float32, parce que c'est là que le processeur
est rapide ; les valeurs restent des entiers de moins de 2^24, que float32 porte exactement (vérifié à la
construction) : aucune décision ne repose sur un arrondi.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np
from numpy.typing import NDArray

from moteur.marge import Renversement, critere, renverser
from moteur.referentiel import Bloc, Referentiel
from moteur.vocabulaire import Refus

#: Les entiers que float32 porte tous exactement.
ENTIERS_EXACTS = 2**24
#: Au-delà, la table d'un bloc prendrait plus de place et de temps qu'elle n'en fait gagner.
SITUATIONS_MAXIMALES = 2**20
#: Les grilles traitées ensemble : assez pour amortir les appels, assez peu pour tenir dans le cache du processeur.
PAQUET = 4096


@dataclass(frozen=True, slots=True)
class Marges:
    """Une ligne par grille, dans l'ordre d'entrée ; colonnes dans l'ordre du référentiel. Jamais zéro.

    Positive : acquis, et de combien de critères ; négative : non acquis, et combien il en manque.
    """

    competences: NDArray[np.int16]
    blocs: NDArray[np.int16]
    certification: NDArray[np.int16]

    def verdicts(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
        """Acquis ou non : compétences, blocs, certification."""
        return self.competences > 0, self.blocs > 0, self.certification > 0


class Lot:
    """Juge des matrices de grilles pour un référentiel. Se construit une fois, et sert autant qu'on veut.

    Lève `Refus("lot_trop_grand")` si un bloc a trop de situations pour être tabulé.
    """

    def __init__(self, referentiel: Referentiel) -> None:
        blocs = referentiel.blocs
        tailles = [len(competence.criteres) for bloc in blocs for competence in bloc.competences()]
        self._nombre = sum(tailles)
        self._requis = np.array([referentiel.seuil_competence.requis(taille) for taille in tailles], dtype=np.int16)
        self._tables = [_table(referentiel, bloc) for bloc in blocs]
        self._poids = _poids(blocs, self._nombre, len(tailles))

    def marges(self, grilles: NDArray[np.bool_]) -> Marges:
        """Les marges de `grilles`, une matrice de booléens (n × critères, dans l'ordre du référentiel).

        Lève `Refus("forme")` si ce n'en est pas une.
        """
        if grilles.dtype != np.bool_ or grilles.ndim != 2 or grilles.shape[1] != self._nombre:
            raise Refus("forme", f"Une matrice de booléens à {self._nombre} colonnes est attendue.")
        nombre = len(grilles)
        marges = Marges(
            np.empty((nombre, len(self._requis)), dtype=np.int16),
            np.empty((nombre, len(self._tables)), dtype=np.int16),
            np.empty(nombre, dtype=np.int16),
        )
        flottants = np.empty((PAQUET, self._nombre), dtype=np.float32)
        for debut in range(0, nombre, PAQUET):
            tranche = slice(debut, debut + PAQUET)
            paquet = grilles[tranche]
            flottants[: len(paquet)] = paquet
            comptes = (flottants[: len(paquet)] @ self._poids).astype(np.int32)
            self._remplir(marges, tranche, comptes)
        return marges

    def _remplir(self, marges: Marges, tranche: slice, comptes: NDArray[np.int32]) -> None:
        nombre = len(self._requis)
        competences = marges.competences[tranche]
        np.subtract(comptes[:, :nombre], self._requis, out=competences)
        competences += competences >= 0  # acquise de justesse, la marge est 1 ; il n'y a pas de marge nulle
        blocs = marges.blocs[tranche]
        for rang, table in enumerate(self._tables):
            np.take(table, comptes[:, nombre + rang], out=blocs[:, rang], mode="clip")
        # Tous acquis : le bloc le moins cher à perdre. Sinon : la somme de ce qui manque.
        manque = np.minimum(blocs, 0).sum(axis=1)
        marges.certification[tranche] = np.where(manque < 0, manque, blocs.min(axis=1))


def _table(referentiel: Referentiel, bloc: Bloc) -> NDArray[np.int16]:
    """La marge du bloc pour chacune de ses situations, calculée par le moteur, dans l'ordre des numéros."""
    tailles = [len(competence.criteres) for competence in bloc.competences()]
    if prod(taille + 1 for taille in tailles) > SITUATIONS_MAXIMALES:
        raise Refus("lot_trop_grand", f"Le bloc {bloc.code} a trop de situations pour être jugé par lot.")
    requis = referentiel.seuil_bloc.requis(len(tailles))
    renversements = [
        [_renversement(valides, taille, referentiel.seuil_competence.requis(taille)) for valides in range(taille + 1)]
        for taille in tailles
    ]
    situations = (renverser(requis, situation) for situation in product(*renversements))
    return np.array([situation.cout if situation.acquis else -situation.cout for situation in situations], np.int16)


def _renversement(valides: int, taille: int, requis: int) -> Renversement:
    """Une compétence dont `valides` critères sur `taille` sont validés : lesquels n'importe pas à la marge du bloc."""
    return renverser(requis, [critere("", valide=rang < valides) for rang in range(taille)])


def _poids(blocs: tuple[Bloc, ...], criteres: int, competences: int) -> NDArray[np.float32]:
    """La matrice qui donne d'une grille le compte de chaque compétence, puis le numéro de situation de chaque bloc."""
    poids = np.zeros((criteres, competences + len(blocs)), dtype=np.float32)
    ligne = colonne = 0
    for rang, bloc in enumerate(blocs):
        tailles = [len(competence.criteres) for competence in bloc.competences()]
        for position, taille in enumerate(tailles):
            poids[ligne : ligne + taille, colonne] = 1
            # La dernière compétence varie le plus vite, comme dans `itertools.product`.
            poids[ligne : ligne + taille, competences + rang] = prod(
                suivante + 1 for suivante in tailles[position + 1 :]
            )
            ligne, colonne = ligne + taille, colonne + 1
    if poids.sum(axis=0).max() >= ENTIERS_EXACTS:
        raise Refus("lot_trop_grand", "Le référentiel est trop grand pour être jugé par lot.")
    return poids
