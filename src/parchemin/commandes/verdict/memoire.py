"""La même réponse, de mémoire : chaque étage est calculé par le moteur une fois par situation, puis relu.

Une compétence de 6 critères n'a que 3^6 situations : sa décision, son texte JSON et ses critères de bascule se gardent.

Un bloc ne voit de chaque compétence qu'un **résumé** : son verdict, et son renversement (de quel côté, à quel coût). Le
moteur ne tient pas compte de l'ordre ; deux compétences de même résumé portent donc la bascule ensemble ou pas du tout.
Les résumés triés suffisent à nommer la situation d'un bloc, et les résumés porteurs à retrouver ses critères de
bascule. De même pour la certification, d'après les résumés de ses blocs.

Rien n'est décidé ici : une situation nouvelle appelle `moteur.decision` ; une ligne inhabituelle rend `None`, et la
réponse de référence prend le relais.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from operator import itemgetter
from typing import cast

from moteur.decision import (
    DecisionBloc,
    DecisionCompetence,
    decider_bloc,
    decider_certification,
    decider_competence,
    entete_de_bloc,
    json_de_certification,
    json_de_competence,
)
from moteur.referentiel import Bloc, Competence, Referentiel
from moteur.vocabulaire import Etat

#: Au-delà, une mémoire est vidée : la place tenue ne dépend pas du nombre de lignes.
SITUATIONS_MAXIMALES = 20_000
ETATS = frozenset(Etat)


class _Inhabituel(Exception):
    """La ligne n'est pas de celles dont on répond de mémoire."""


class _Memoire[C, V](dict[C, V]):
    """Un dictionnaire qui apprend : une clé absente est calculée par `apprendre`, et gardée."""

    def __init__(self, apprendre: Callable[[C], V]) -> None:
        super().__init__()
        self._apprendre = apprendre

    def __missing__(self, cle: C) -> V:
        valeur = self._apprendre(cle)
        if len(self) >= SITUATIONS_MAXIMALES:
            self.clear()
        self[cle] = valeur
        return valeur


class _Resumes[D]:
    """Numérote les résumés ; `exemples[n]` est la première décision rencontrée qui se résume par `n`."""

    def __init__(self, resumer: Callable[[D], Hashable]) -> None:
        self.exemples: list[D] = []
        self._resumer = resumer
        self._numeros: dict[Hashable, int] = {}

    def numero(self, decision: D) -> int:
        numero = self._numeros.setdefault(self._resumer(decision), len(self.exemples))
        if numero == len(self.exemples):
            self.exemples.append(decision)
        return numero


def _resumer_competence(decision: DecisionCompetence) -> Hashable:
    return decision.acquis, decision.renversement.acquis, decision.renversement.cout


def _resumer_bloc(decision: DecisionBloc) -> Hashable:
    # Le code en plus : la certification nomme les blocs qui lui manquent.
    return decision.code, decision.acquis, decision.renversement.acquis, decision.renversement.cout


@dataclass(frozen=True, slots=True)
class _Competence:
    """Une situation de compétence : son résumé, son texte, ses critères de renversement en texte."""

    resume: int
    texte: str
    codes: str


@dataclass(frozen=True, slots=True)
class _Etage:
    """Une situation de bloc ou de certification : son texte sans critère, et les résumés qui portent la bascule."""

    resume: int
    texte: str
    decide: bool
    porteurs: frozenset[int]


class _JugeDeCompetence:
    def __init__(self, competence: Competence, requis: int, resumes: _Resumes[DecisionCompetence]) -> None:
        self.situations = _Memoire(self._apprendre)
        self._competence = competence
        self._codes = [critere.code for critere in competence.criteres]
        self._requis = requis
        self._resumes = resumes

    def _apprendre(self, etats: tuple[object, ...]) -> _Competence:
        if not all(isinstance(etat, str) and etat in ETATS for etat in etats):
            raise _Inhabituel
        # Un texte égal à un `Etat` en a l'empreinte : le moteur le lit comme tel.
        tranches = cast("dict[str, Etat]", dict(zip(self._codes, etats, strict=True)))
        decision = decider_competence(self._competence, tranches, self._requis)
        return _Competence(
            resume=self._resumes.numero(decision),
            texte=f"{json.dumps(decision.code)}:{_json(json_de_competence(decision))}",
            codes=_json(decision.renversement.criteres)[1:-1],
        )


class _JugeDeBloc:
    def __init__(
        self, bloc: Bloc, requis: int, competences: _Resumes[DecisionCompetence], blocs: _Resumes[DecisionBloc]
    ) -> None:
        self.situations = _Memoire(self._apprendre)
        self._bloc = bloc
        self._requis = requis
        self._competences = competences
        self._blocs = blocs

    def _apprendre(self, resumes: tuple[int, ...]) -> _Etage:
        exemples = [self._competences.exemples[resume] for resume in resumes]
        decision = decider_bloc(self._bloc, exemples, self._requis)
        return _Etage(
            resume=self._blocs.numero(decision),
            texte=f"{json.dumps(decision.code)}:{_json(entete_de_bloc(decision))[:-1]}",
            decide=decision.bascule is not None,
            porteurs=frozenset([resumes[rang] for rang in decision.renversement.porteurs]),
        )


class Juge:
    """Répond pour un référentiel, tous blocs demandés, aucun acquis d'ailleurs."""

    def __init__(self, referentiel: Referentiel) -> None:
        codes = [critere.code for critere in referentiel.criteres()]
        self._ouverts: dict[str, object] = dict.fromkeys(codes, Etat.NON_OBSERVE.value)
        # Le premier code est pris deux fois : `itemgetter` d'un seul code ne rendrait pas un tuple.
        self._extraire = itemgetter(*codes, codes[0])
        self._resumes_de_blocs = _Resumes(_resumer_bloc)
        self._certifications = _Memoire(self._apprendre_certification)
        resumes = _Resumes(_resumer_competence)
        self._competences: list[tuple[_Memoire[tuple[object, ...], _Competence], slice]] = []
        self._blocs: list[tuple[_Memoire[tuple[int, ...], _Etage], slice]] = []
        critere = 0
        for bloc in referentiel.blocs:
            premiere = len(self._competences)
            for competence in bloc.competences():
                nombre = len(competence.criteres)
                juge = _JugeDeCompetence(competence, referentiel.seuil_competence.requis(nombre), resumes)
                self._competences.append((juge.situations, slice(critere, critere + nombre)))
                critere += nombre
            tranche = slice(premiere, len(self._competences))
            requis = referentiel.seuil_bloc.requis(len(bloc.competences()))
            juge_de_bloc = _JugeDeBloc(bloc, requis, resumes, self._resumes_de_blocs)
            self._blocs.append((juge_de_bloc.situations, tranche))

    def juger(self, criteres: dict[str, object]) -> str | None:
        """Le JSON de la réponse, sans accolades ni `id` ; `None` si la ligne a quelque chose d'inhabituel."""
        complets = {**self._ouverts, **criteres}
        if len(complets) != len(self._ouverts):
            return None  # un critère inconnu
        try:
            return self._juger(self._extraire(complets))
        except (_Inhabituel, TypeError):
            return None  # un état inconnu, ou qui n'est même pas un texte (une liste ne se cherche pas en mémoire)

    def _juger(self, etats: tuple[str, ...]) -> str:
        competences = [situations[etats[tranche]] for situations, tranche in self._competences]
        blocs: list[_Etage] = []
        codes_des_blocs: list[str] = []
        textes: list[str] = []
        for situations, tranche in self._blocs:
            du_bloc = competences[tranche]
            bloc = situations[tuple(sorted([competence.resume for competence in du_bloc]))]
            porteurs = bloc.porteurs
            codes = ",".join([competence.codes for competence in du_bloc if competence.resume in porteurs])
            detail = ",".join([competence.texte for competence in du_bloc])
            bascule = f"[{codes}]" if bloc.decide else "null"
            textes.append(f'{bloc.texte},"bascule":{bascule},"detail":{{{detail}}}}}')
            blocs.append(bloc)
            codes_des_blocs.append(codes)
        certification = self._certifications[tuple([bloc.resume for bloc in blocs])]
        codes = ",".join(
            [codes for bloc, codes in zip(blocs, codes_des_blocs, strict=True) if bloc.resume in certification.porteurs]
        )
        bascule = f"[{codes}]" if certification.decide else "null"
        return f'"certification":{certification.texte},"bascule":{bascule}}},"blocs":{{{",".join(textes)}}}'

    def _apprendre_certification(self, resumes: tuple[int, ...]) -> _Etage:
        decision = decider_certification([self._resumes_de_blocs.exemples[resume] for resume in resumes])
        entete = {cle: valeur for cle, valeur in json_de_certification(decision).items() if cle != "bascule"}
        porteurs = () if decision.renversement is None else decision.renversement.porteurs
        return _Etage(
            resume=0,
            texte=_json(entete)[:-1],
            decide=decision.bascule is not None,
            porteurs=frozenset([resumes[rang] for rang in porteurs]),
        )


def _json(valeur: object) -> str:
    return json.dumps(valeur, separators=(",", ":"))
