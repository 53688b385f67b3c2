"""Les questions de l'entretien : quels critères y porter, et dans quel ordre.

D'abord, dans une épreuve à exposé, ce que l'exposé n'a pas abordé ; puis ce qui n'est pas tranché ; puis ce qui n'est pas
validé, pour que le candidat ait sa chance sur chaque point. Dans chaque rang, l'ordre du référentiel. Ni le seuil ni la
marge n'y entrent : on interroge sur des critères, non sur la ligne.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from moteur.grille import GrilleCourante
from moteur.referentiel import Bloc
from moteur.vocabulaire import CodeExigence, Etat


@dataclass(frozen=True, slots=True)
class ADemander:
    """Un critère à porter à l'entretien : son rang (0 d'abord), et les questions déjà posées dessus."""

    critere: str
    rang: int
    posees: tuple[str, ...]


def rang_de_question(etat: Etat | None, *, abordee: bool) -> int | None:
    """Le rang d'un critère dans l'entretien, `None` s'il n'y a rien à demander.

    `abordee` : sa compétence l'a été dans l'exposé ; vrai partout où l'épreuve n'a pas d'exposé.
    """
    if etat is Etat.VALIDE:
        return None
    if etat is Etat.NON_VALIDE:
        return 2
    return 1 if abordee else 0


def a_demander(bloc: Bloc, grille: GrilleCourante) -> tuple[ADemander, ...]:
    """Les critères à porter à l'entretien, dans l'ordre où les prendre."""
    expose = demande_un_expose(bloc)
    trouves = []
    for competence in bloc.competences():
        abordee = not expose or competence.code in grille.competences_abordees
        for critere in competence.criteres:
            rang = rang_de_question(grille.etats.get(critere.code), abordee=abordee)
            if rang is not None:
                trouves.append(ADemander(critere.code, rang, textes_poses(grille.questions, critere.code)))
    return tuple(sorted(trouves, key=lambda une: une.rang))


def textes_poses(questions: Mapping[str, Mapping[str, str]], critere: str) -> tuple[str, ...]:
    """Les questions posées sur ce critère, dans l'ordre de leur texte."""
    return tuple(sorted(questions.get(critere, {}).values()))


def demande_un_expose(bloc: Bloc) -> bool:
    """Vrai si l'épreuve compte les compétences qu'un exposé aborde."""
    return any(exigence.code is CodeExigence.COMPETENCES_ABORDEES for exigence in bloc.epreuve.exigences)
