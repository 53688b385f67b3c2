"""Chacun est convoqué assez tôt : le délai de son destinataire, compté en jours calendaires ; jamais sous son plancher.

Le règlement tient une table (réglage `convocation_delais`) : pour chaque destinataire, un délai, un plancher, et si le
gestionnaire peut convoquer entre les deux, avec un motif. Le plancher d'un évaluateur n'est jamais sous quinze jours : un salarié
prévient son employeur au moins quinze jours avant, et joint sa convocation. Sous le plancher, rien ne passe : l'épreuve se déplace.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from moteur.vocabulaire import Refus

CODE = "DELAI-DE-CONVOCATION"
SOURCE = (
    "Code du travail, article D3142-32 (congé d'un salarié membre d'un jury : l'employeur est prévenu au moins quinze jours "
    "calendaires avant) ; réglage « convocation_delais » du règlement, à confirmer par le certificateur."
)
DEPUIS = "règlement du 19 avril 2021"
JUSQU_A = None


class Destinataire(StrEnum):
    """Qui est convoqué, et en quelle place."""

    EVALUATEUR = "evaluateur"
    CANDIDAT = "candidat"
    MANAGER = "manager"


class Avis(StrEnum):
    """Ce que vaut une convocation, ce jour-là. Les deux derniers sont des codes de refus : ils ne se renomment pas."""

    A_TEMPS = "a_temps"
    A_DEROGER = "convocation_tardive"
    IMPOSSIBLE = "convocation_impossible"


@dataclass(frozen=True, slots=True)
class Delai:
    """Une ligne de la table : `jours` avant l'épreuve, jamais sous `plancher` ; entre les deux, un motif si `derogeable`."""

    destinataire: Destinataire
    jours: int
    plancher: int = 0
    derogeable: bool = False

    def avis(self, jour: date, epreuve: date) -> Avis:
        """Ce que vaut une convocation partie ce jour-là pour cette épreuve : le jour de l'épreuve ne compte pas."""
        avant = (epreuve - jour).days
        if avant >= self.jours:
            return Avis.A_TEMPS
        return Avis.A_DEROGER if self.derogeable and avant >= self.plancher else Avis.IMPOSSIBLE

    def dernier_jour(self, epreuve: date) -> date:
        """Le dernier jour où convoquer sans déroger."""
        return epreuve - timedelta(days=self.jours)

    def dernier_possible(self, epreuve: date) -> date:
        """Le dernier jour où convoquer, motif compris."""
        return epreuve - timedelta(days=self.plancher if self.derogeable else self.jours)

    def premiere_date(self, jour: date) -> date:
        """Le premier jour où tenir l'épreuve si l'on convoque ce jour-là, motif compris."""
        return jour + timedelta(days=self.plancher if self.derogeable else self.jours)


PLANCHER_LEGAL = 15
"""Jours calendaires, pour un évaluateur salarié (article D3142-32)."""

TABLE_PAR_DEFAUT = (
    Delai(Destinataire.EVALUATEUR, 21, PLANCHER_LEGAL, derogeable=True),
    Delai(Destinataire.CANDIDAT, 15, 0, derogeable=True),
    Delai(Destinataire.MANAGER, 15, 0, derogeable=True),
)
"""La table tenue tant qu'un règlement n'en dit pas d'autre ; celle du fichier du référentiel lui est égale."""


def defauts(table: Iterable[Delai]) -> tuple[str, ...]:
    """Ce qui rend une table fausse, en français ; vide : chaque destinataire y est une fois, sans passer sous la loi."""
    lignes = tuple(table)
    trouves = []
    for destinataire in Destinataire:
        nombre = sum(ligne.destinataire is destinataire for ligne in lignes)
        if nombre != 1:
            trouves.append(f"le destinataire « {destinataire} » est écrit {nombre} fois, au lieu d'une")
    for ligne in lignes:
        if ligne.plancher > ligne.jours:
            trouves.append(
                f"« {ligne.destinataire} » : le plancher ({ligne.plancher}) dépasse le délai ({ligne.jours})"
            )
        if ligne.destinataire is Destinataire.EVALUATEUR and ligne.plancher < PLANCHER_LEGAL:
            trouves.append(f"un évaluateur n'est jamais convoqué moins de {PLANCHER_LEGAL} jours avant")
    return tuple(trouves)


def du_destinataire(table: Iterable[Delai], destinataire: Destinataire) -> Delai:
    """La ligne de ce destinataire. Lève `Refus("destinataire_inconnu")` : on ne convoque pas sans règle."""
    for ligne in table:
        if ligne.destinataire is destinataire:
            return ligne
    raise Refus("destinataire_inconnu", f"Le règlement ne dit pas quand convoquer « {destinataire} ».")
