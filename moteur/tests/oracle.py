"""L'oracle : les mêmes questions, résolues naïvement et sans rien emprunter au moteur.

Un arbre est une forme : des blocs, faits de compétences, faites d'un nombre de critères. Une grille est une suite
d'états, un par critère, dans l'ordre : `True` validé, `False` non validé, `None` ouvert.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product

import numpy as np

type Forme = tuple[tuple[int, ...], ...]
type Grille = Sequence[bool | None]


def atteint(valides: int, total: int, seuil: Fraction) -> bool:
    """La phrase du référentiel, telle quelle : au minimum `seuil` des éléments."""
    return Fraction(valides, total) >= seuil


def decouper(forme: Forme, grille: Grille) -> list[list[Grille]]:
    """La grille, rangée par bloc et par compétence."""
    reste = list(grille)
    blocs = []
    for bloc in forme:
        competences = []
        for nombre in bloc:
            competences.append(reste[:nombre])
            reste = reste[nombre:]
        blocs.append(competences)
    return blocs


def competence_acquise(etats: Sequence[bool], seuil: Fraction) -> bool:
    return atteint(sum(etats), len(etats), seuil)


def bloc_acquis(competences: Sequence[Sequence[bool]], seuil_c: Fraction, seuil_b: Fraction) -> bool:
    return atteint(sum(competence_acquise(c, seuil_c) for c in competences), len(competences), seuil_b)


def certification_acquise(forme: Forme, grille: Sequence[bool], seuil_c: Fraction, seuil_b: Fraction) -> bool:
    return all(bloc_acquis(bloc, seuil_c, seuil_b) for bloc in decouper(forme, grille))


def reglements(etats: Grille) -> Iterator[list[bool]]:
    """Toutes les façons de trancher les critères ouverts."""
    return (list(choix) for choix in product(*[(True, False) if etat is None else (etat,) for etat in etats]))


def consensus(reponses: Iterator[bool]) -> bool | None:
    """Vrai si toutes les façons disent oui, faux si aucune, sinon on ne sait pas."""
    ensemble = set(reponses)
    return ensemble.pop() if len(ensemble) == 1 else None


# --- La marge par le treillis : toutes les grilles tranchées d'une petite forme, reliées par un seul changement. ---


def treillis(forme: Forme, seuil_c: Fraction, seuil_b: Fraction) -> list[tuple[int, int]]:
    """Pour chaque masque de critères validés : la marge signée, et le masque des critères d'un plus petit ensemble.

    Force brute sur toutes les grilles : on part de celles de décision contraire et l'on avance d'un critère à la fois,
    sans rien savoir de la structure de l'arbre. Une grille acquise ne change qu'en perdant des critères, une autre
    qu'en en gagnant. Un critère est d'un plus petit ensemble quand le changer rapproche d'un pas.
    """
    n = sum(map(sum, forme))
    masques = np.arange(1 << n)
    acquis = np.ones(1 << n, dtype=bool)
    bit = 0
    for bloc in forme:
        acquises = np.zeros(1 << n, dtype=np.int64)
        for nombre in bloc:
            valides = sum((masques >> k) & 1 for k in range(bit, bit + nombre))
            acquises += np.array([atteint(v, nombre, seuil_c) for v in range(nombre + 1)])[valides]
            bit += nombre
        acquis &= np.array([atteint(a, len(bloc), seuil_b) for a in range(len(bloc) + 1)])[acquises]
    a_perdre = np.where(acquis, n + 1, 0)
    a_gagner = np.where(acquis, 0, n + 1)
    for _ in range(n):
        for k in range(n):
            avec, voisins = (masques >> k) & 1 == 1, masques ^ (1 << k)
            a_perdre = np.where(avec, np.minimum(a_perdre, a_perdre[voisins] + 1), a_perdre)
            a_gagner = np.where(avec, a_gagner, np.minimum(a_gagner, a_gagner[voisins] + 1))
    bascule = np.zeros(1 << n, dtype=np.int64)
    for k in range(n):
        avec, voisins = (masques >> k) & 1 == 1, masques ^ (1 << k)
        rapproche = np.where(
            acquis, avec & (a_perdre[voisins] == a_perdre - 1), ~avec & (a_gagner[voisins] == a_gagner - 1)
        )
        bascule |= np.where(rapproche, 1 << k, 0)
    marges = np.where(acquis, a_perdre, -a_gagner)
    return list(zip(marges.tolist(), bascule.tolist(), strict=True))


# --- La marge au plus juste coût, sur le vrai arbre : on essaie tous les sous-ensembles, à chaque étage. ---


def cout_competence(valides: int, total: int, seuil: Fraction) -> int:
    """Combien de critères changer pour renverser une compétence : on essaie 1, puis 2, puis 3…"""
    acquise = atteint(valides, total, seuil)
    pas = -1 if acquise else 1
    return next(k for k in range(1, total + 1) if atteint(valides + pas * k, total, seuil) is not acquise)


def cout_bloc(competences: Sequence[Sequence[bool]], seuil_c: Fraction, seuil_b: Fraction) -> int:
    """Le moins cher des ensembles de compétences qui renversent le bloc : tous sont essayés."""
    acquis = bloc_acquis(competences, seuil_c, seuil_b)
    acquises = [competence_acquise(c, seuil_c) for c in competences]
    couts = [cout_competence(sum(c), len(c), seuil_c) for c in competences]
    meilleurs = []
    for taille in range(1, len(competences) + 1):
        for choix in combinations(range(len(competences)), taille):
            apres = [oui is not (rang in choix) for rang, oui in enumerate(acquises)]
            if atteint(sum(apres), len(apres), seuil_b) is not acquis:
                meilleurs.append(sum(couts[rang] for rang in choix))
    return min(meilleurs)


def cout_certification(forme: Forme, grille: Sequence[bool], seuil_c: Fraction, seuil_b: Fraction) -> int:
    """Le moins cher des ensembles de blocs qui renversent la certification : tous sont essayés."""
    blocs = decouper(forme, grille)
    acquis = [bloc_acquis(bloc, seuil_c, seuil_b) for bloc in blocs]
    couts = [cout_bloc(bloc, seuil_c, seuil_b) for bloc in blocs]
    meilleurs = []
    for taille in range(1, len(blocs) + 1):
        for choix in combinations(range(len(blocs)), taille):
            apres = [oui is not (rang in choix) for rang, oui in enumerate(acquis)]
            if all(apres) is not all(acquis):
                meilleurs.append(sum(couts[rang] for rang in choix))
    return min(meilleurs)
