"""L'arbre figé d'un référentiel : bloc › activité › compétence › critère, et l'épreuve de chaque bloc.

`moteur.referentiel.construire` est le seul chemin d'un fichier à cet arbre : il énumère tous les défauts
d'un coup, et ne rend un arbre que s'il n'y en a aucun.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from moteur.vocabulaire import CodeExigence, DocumentsRemis, Nature, Qualite, Refus, SensDuree, Seuil


@dataclass(frozen=True, slots=True)
class Critere:
    """Ce que l'on constate : validé, ou non."""

    code: str
    intitule: str


@dataclass(frozen=True, slots=True)
class Competence:
    """Ce que la personne sait faire, appréciée par ses critères."""

    code: str
    intitule: str
    criteres: tuple[Critere, ...]


@dataclass(frozen=True, slots=True)
class Activite:
    """Une situation de travail, et les compétences qui en découlent."""

    code: str
    intitule: str
    competences: tuple[Competence, ...]


@dataclass(frozen=True, slots=True)
class Duree:
    """Une durée écrite dans le référentiel, en minutes, et la lecture qui en est faite."""

    minutes: int
    sens: SensDuree
    lecture: str


@dataclass(frozen=True, slots=True)
class Phase:
    """Un temps de l'épreuve ; `duree` est `None` quand le référentiel n'en dit rien."""

    code: str
    intitule: str
    duree: Duree | None


@dataclass(frozen=True, slots=True)
class Alternative:
    """Une des voies entre lesquelles l'épreuve laisse choisir (double écoute, accueil physique…)."""

    code: str
    intitule: str


@dataclass(frozen=True, slots=True)
class Exigence:
    """Un compte à atteindre ; `alternatives` vide : quelle que soit la voie choisie.

    `motif_requis` : seuls comptent les courriers dont le motif est écrit. `preselection_requise` : seuls comptent ceux
    qui viennent du panel présélectionné.
    """

    code: CodeExigence
    minimum: int
    motif_requis: bool
    preselection_requise: bool
    alternatives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evaluateur:
    """Un des juges que le référentiel demande, et les mots par lesquels il le demande."""

    qualite: Qualite
    texte: str


@dataclass(frozen=True, slots=True)
class Epreuve:
    """L'épreuve d'un bloc."""

    nature: Nature
    textes: tuple[str, ...]
    phases: tuple[Phase, ...]
    alternatives: tuple[Alternative, ...]
    exigences: tuple[Exigence, ...]
    documents_remis: DocumentsRemis
    evaluateurs: tuple[Evaluateur, ...]

    def phase(self, code: str) -> Phase | None:
        """La phase de ce code, ou `None`."""
        return next((phase for phase in self.phases if phase.code == code), None)


@dataclass(frozen=True, slots=True)
class Bloc:
    """Un bloc de compétences : il se demande, se juge et s'acquiert seul."""

    code: str
    intitule: str
    activites: tuple[Activite, ...]
    epreuve: Epreuve

    def competences(self) -> tuple[Competence, ...]:
        """Les compétences du bloc, toutes activités confondues, dans l'ordre du référentiel."""
        return tuple(competence for activite in self.activites for competence in activite.competences)

    def criteres(self) -> tuple[Critere, ...]:
        """Les critères du bloc, dans l'ordre du référentiel."""
        return tuple(critere for competence in self.competences() for critere in competence.criteres)


@dataclass(frozen=True, slots=True)
class Referentiel:
    """La norme d'une version : ce à quoi une grille est jugée."""

    code: str
    version: str
    seuil_competence: Seuil
    seuil_bloc: Seuil
    blocs: tuple[Bloc, ...]

    def nom(self) -> str:
        """Le nom que portent les grilles et les commandes : « cqp-cos@2021 »."""
        return f"{self.code}@{self.version}"

    def competences(self) -> Iterator[Competence]:
        """Toutes les compétences, dans l'ordre du référentiel."""
        return (competence for bloc in self.blocs for competence in bloc.competences())

    def criteres(self) -> Iterator[Critere]:
        """Tous les critères, dans l'ordre du référentiel."""
        return (critere for competence in self.competences() for critere in competence.criteres)

    def bloc(self, code: str) -> Bloc:
        """Le bloc de ce code. Lève `Refus("bloc_inconnu")`."""
        for bloc in self.blocs:
            if bloc.code == code:
                return bloc
        raise Refus("bloc_inconnu", f"Le bloc « {code} » n'existe pas dans le référentiel {self.nom()}.")

    def competence(self, code: str) -> Competence:
        """La compétence de ce code. Lève `Refus("competence_inconnue")`."""
        for competence in self.competences():
            if competence.code == code:
                return competence
        raise Refus("competence_inconnue", f"La compétence « {code} » n'existe pas dans le référentiel {self.nom()}.")

    def critere(self, code: str) -> Critere:
        """Le critère de ce code. Lève `Refus("critere_inconnu")`."""
        for critere in self.criteres():
            if critere.code == code:
                return critere
        raise Refus("critere_inconnu", f"Le critère « {code} » n'existe pas dans le référentiel {self.nom()}.")

    def bloc_de(self, code: str) -> Bloc:
        """Le bloc auquel appartient cette compétence ou ce critère. Lève `Refus("code_inconnu")`."""
        for bloc in self.blocs:
            competences = {competence.code for competence in bloc.competences()}
            criteres = {critere.code for critere in bloc.criteres()}
            if code in competences | criteres:
                return bloc
        raise Refus("code_inconnu", f"Le code « {code} » n'existe pas dans le référentiel {self.nom()}.")
