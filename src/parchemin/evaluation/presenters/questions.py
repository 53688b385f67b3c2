"""Les questions d'un critère : celles de la banque du certificateur, et celles dites sur le moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from moteur.entretien import a_demander, demande_un_expose, rang_de_question
from moteur.grille import GrilleCourante
from moteur.referentiel import Bloc
from moteur.vocabulaire import Etat

CLE = 12
"""Signes d'une clé de question : la même question, sur deux appareils, est la même cible."""


@dataclass(frozen=True, slots=True)
class VueQuestion:
    """Une question de la banque, ou dite sur le moment ; `posee` : elle l'a été."""

    nom: str
    texte: str
    posee: bool


def nom_de_question(critere: str, texte: str) -> str:
    """La cible d'une question posée sur ce critère : tirée de son texte."""
    return f"question:{critere}:{sha256(texte.encode()).hexdigest()[:CLE]}"


def questions_du_critere(critere: str, banque: tuple[str, ...], grille: GrilleCourante) -> tuple[VueQuestion, ...]:
    """Celles de la banque, dans l'ordre du certificateur, puis les autres qui ont été posées."""
    posees = {f"question:{critere}:{cle}": texte for cle, texte in grille.questions.get(critere, {}).items()}
    de_la_banque = {nom_de_question(critere, texte): texte for texte in banque}
    autres = {nom: texte for nom, texte in sorted(posees.items()) if nom not in de_la_banque}
    return tuple(VueQuestion(nom, texte, nom in posees) for nom, texte in (de_la_banque | autres).items())


def ordre_de_l_entretien(bloc: Bloc, grille: GrilleCourante) -> tuple[str, ...]:
    """Les critères à porter à l'entretien, dans l'ordre."""
    return tuple(une.critere for une in a_demander(bloc, grille))


def rangs(bloc: Bloc) -> Mapping[str, Mapping[str, int | None]]:
    """La règle du moteur, en table, pour la page sans réseau : compétence abordée (« true », « false ») → état → rang."""
    etats: tuple[Etat | None, ...] = (None, *Etat)
    cas = (True, False) if demande_un_expose(bloc) else (True,)
    return {
        str(abordee).lower(): {etat or "": rang_de_question(etat, abordee=abordee) for etat in etats} for abordee in cas
    }
