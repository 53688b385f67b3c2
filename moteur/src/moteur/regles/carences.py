"""Un évaluateur qui ne scelle pas, ne s'accorde pas, tombe malade ou part ne laisse aucune épreuve sans issue.

Le règlement tient une table : à chaque carence, ce que l'on peut faire, dans l'ordre où on le propose. Relancer ne dénoue
rien ; chaque ligne a donc au moins une conséquence qui dénoue. Un remplaçant juge ce qui peut encore l'être : ce qu'il n'a
pas pu observer, il le dit, et le jury en décide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from moteur.regles.grille_complete import Manque

CODE = "CARENCES"
SOURCE = (
    "Non dit par le référentiel ; réglages « carences », « delai_scellement_jours », « delai_accord_jours » et "
    "« relance_jours » du règlement, à confirmer par le certificateur."
)
DEPUIS = "règlement du 19 avril 2021"
JUSQU_A = None


class Acte(StrEnum):
    """Ce qui manque, et à quel moment."""

    LECTURE_TARDIVE = "lecture_tardive"
    EMPECHE_AVANT_SA_LECTURE = "empeche_avant_sa_lecture"
    ACCORD_TARDIF = "accord_tardif"
    EMPECHE_AVANT_L_ACCORD = "empeche_avant_l_accord"
    CONFIRMATION_TARDIVE = "confirmation_tardive"
    EMPECHE_AVANT_LA_CONFIRMATION = "empeche_avant_la_confirmation"


class Consequence(StrEnum):
    """Ce que l'on peut faire."""

    RELANCER = "relancer"
    REMPLACER = "remplacer"
    REPLANIFIER = "replanifier"
    JURY = "jury"
    ETABLIR = "etablir"


class Etape(StrEnum):
    """Où en est l'épreuve : des lectures manquent, un accord manque, ou la seule confirmation."""

    LECTURE = "lecture"
    ACCORD = "accord"
    CONFIRMATION = "confirmation"


ACTES = {
    Etape.LECTURE: (Acte.LECTURE_TARDIVE, Acte.EMPECHE_AVANT_SA_LECTURE),
    Etape.ACCORD: (Acte.ACCORD_TARDIF, Acte.EMPECHE_AVANT_L_ACCORD),
    Etape.CONFIRMATION: (Acte.CONFIRMATION_TARDIVE, Acte.EMPECHE_AVANT_LA_CONFIRMATION),
}
"""À chaque moment : la carence d'un retard, puis celle d'un empêchement."""
POSSIBLES = {
    Etape.LECTURE: frozenset({Consequence.RELANCER, Consequence.REMPLACER, Consequence.REPLANIFIER}),
    Etape.ACCORD: frozenset({Consequence.RELANCER, Consequence.JURY}),
    Etape.CONFIRMATION: frozenset({Consequence.RELANCER, Consequence.ETABLIR}),
}
"""Ce qui a un sens à chaque moment : on ne remplace pas qui a scellé, on n'établit pas ce qui diffère."""

type Table = Mapping[Acte, tuple[Consequence, ...]]

TABLE_PAR_DEFAUT: Table = {
    Acte.LECTURE_TARDIVE: (Consequence.RELANCER, Consequence.REMPLACER, Consequence.REPLANIFIER),
    Acte.EMPECHE_AVANT_SA_LECTURE: (Consequence.REMPLACER, Consequence.REPLANIFIER),
    Acte.ACCORD_TARDIF: (Consequence.RELANCER, Consequence.JURY),
    Acte.EMPECHE_AVANT_L_ACCORD: (Consequence.JURY,),
    Acte.CONFIRMATION_TARDIVE: (Consequence.RELANCER, Consequence.ETABLIR),
    Acte.EMPECHE_AVANT_LA_CONFIRMATION: (Consequence.ETABLIR,),
}
"""La table tenue tant qu'un règlement n'en dit pas d'autre ; celle du fichier du référentiel lui est égale."""


def defauts(table: Table) -> tuple[str, ...]:
    """Ce qui rend une table fausse, en français ; vide : aucun acte n'est sans issue."""
    trouves = []
    for etape, actes in ACTES.items():
        for acte in actes:
            suites = table.get(acte, ())
            hors = [suite.value for suite in suites if suite not in POSSIBLES[etape]]
            if hors:
                trouves.append(f"« {acte} » ne peut pas avoir pour suite {', '.join(hors)}")
            if not set(suites) & (POSSIBLES[etape] - {Consequence.RELANCER}):
                trouves.append(f"« {acte} » n'a aucune suite qui dénoue")
    return tuple(trouves)


@dataclass(frozen=True, slots=True)
class Horloge:
    """Un délai qui court : depuis quel jour, de combien de jours, et tous les combien on relance une fois qu'il est passé."""

    depuis: date
    jours: int
    relance: int

    @property
    def echeance(self) -> date:
        """Le dernier jour pour agir ; il compte encore."""
        return self.depuis + timedelta(days=self.jours)

    def retard(self, aujourdhui: date) -> int:
        """Les jours passés depuis l'échéance ; 0 : le délai court encore."""
        return max((aujourdhui - self.echeance).days, 0)

    def relance_due(self, aujourdhui: date) -> bool:
        """Vrai les jours où l'on relance : le lendemain de l'échéance, puis tous les `relance` jours."""
        retard = self.retard(aujourdhui)
        return retard > 0 and (retard - 1) % self.relance == 0


def suites(table: Table, etape: Etape, *, en_retard: bool, empeche: bool) -> tuple[Consequence, ...]:
    """Ce que l'on peut faire maintenant, dans l'ordre de la table : ce que donne le retard, puis l'empêchement."""
    tardif, empechement = ACTES[etape]
    dites = (*(table[tardif] if en_retard else ()), *(table[empechement] if empeche else ()))
    return tuple(dict.fromkeys(dites))


def a_lever(manques: Sequence[Manque], *, remplacant: bool) -> tuple[Manque, ...]:
    """Ce qui manque vraiment à une grille : « non observé » ne bloque pas un remplaçant, qui juge ce qui peut encore l'être."""
    return tuple(manque for manque in manques if not (remplacant and manque.code == "critere_non_observe"))
