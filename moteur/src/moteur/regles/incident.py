"""Une épreuve interrompue n'est pas une épreuve manquée : close sans être allée au bout, elle est non évaluée, jamais non acquise.

Un incident suspend l'épreuve ; le gestionnaire tranche : la reprendre, la replanifier ou la clore. Ce que chaque incident
permet, et si une nouvelle date continue la même grille ou en ouvre une autre, est une table du règlement (réglage
`incidents`). Clore est toujours permis : aucun incident n'est une impasse. Ce qui était constaté reste constaté. Une
absence signalée alors que des gestes sont reçus l'a été à tort : l'épreuve peut alors se reprendre.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from moteur.vocabulaire import Refus

CODE = "INCIDENT"
SOURCE = (
    "Non dit par le référentiel, qui ne connaît que « acquis » et « non acquis » d'une épreuve passée ; réglage par "
    "défaut, à confirmer par le certificateur."
)
DEPUIS = "version 2021 du référentiel"
JUSQU_A = None


class GenreIncident(StrEnum):
    """Ce qui empêche une épreuve d'aller au bout."""

    ABSENT = "absent"
    EXCUSE = "excuse"
    INTERROMPU = "interrompu"
    ACCORD_RETIRE = "accord_retire"
    PANNE = "panne"
    FRAUDE = "fraude"


class Moment(StrEnum):
    """Quand un incident peut se signaler : avant que rien ne soit observé, ou pendant l'épreuve."""

    AVANT = "avant"
    PENDANT = "pendant"


class Suite(StrEnum):
    """Ce que le gestionnaire décide d'une épreuve suspendue, de ce qui garde le plus à ce qui garde le moins."""

    REPRENDRE = "reprendre"
    REPLANIFIER = "replanifier"
    CLORE = "clore"


class NouvelleDate(StrEnum):
    """Ce qu'est une épreuve replanifiée : la même, sa grille avec ; ou une autre, qui repart d'une grille vierge."""

    MEME_GRILLE = "meme_grille"
    NOUVELLE_EPREUVE = "nouvelle_epreuve"


@dataclass(frozen=True, slots=True)
class Ligne:
    """Une ligne de la table. `voie` : l'incident ne se conçoit que dans une épreuve qui a cette voie (`None` : toutes)."""

    incident: GenreIncident
    moments: frozenset[Moment]
    suites: frozenset[Suite]
    replanifier: NouvelleDate
    voie: str | None = None


@dataclass(frozen=True, slots=True)
class Consequence:
    """Où va l'épreuve suspendue : son état (`None` : celui d'avant l'incident), et si une nouvelle épreuve s'ouvre."""

    etat: str | None
    nouvelle_epreuve: bool


NON_EVALUEE = "non_evaluee"
_AVANT, _PENDANT = frozenset({Moment.AVANT}), frozenset({Moment.PENDANT})
_TOUTES = frozenset(Suite)
_SANS_REPRISE = frozenset({Suite.REPLANIFIER, Suite.CLORE})
TABLE_PAR_DEFAUT = (
    Ligne(GenreIncident.ABSENT, _AVANT, _SANS_REPRISE, NouvelleDate.MEME_GRILLE),
    Ligne(GenreIncident.EXCUSE, _AVANT, _SANS_REPRISE, NouvelleDate.MEME_GRILLE),
    Ligne(GenreIncident.INTERROMPU, _AVANT | _PENDANT, _TOUTES, NouvelleDate.NOUVELLE_EPREUVE),
    Ligne(GenreIncident.ACCORD_RETIRE, _AVANT | _PENDANT, _TOUTES, NouvelleDate.NOUVELLE_EPREUVE, "double_ecoute"),
    Ligne(GenreIncident.PANNE, _AVANT | _PENDANT, _TOUTES, NouvelleDate.NOUVELLE_EPREUVE),
    Ligne(GenreIncident.FRAUDE, _AVANT | _PENDANT, _TOUTES, NouvelleDate.NOUVELLE_EPREUVE),
)
"""La table tenue tant qu'un règlement n'en dit pas d'autre ; celle du fichier du référentiel lui est égale."""


def defauts(table: Iterable[Ligne]) -> tuple[str, ...]:
    """Ce qui rend une table fausse, en français ; vide : elle est bonne.

    Chaque incident y est une fois et une seule, se signale à un moment au moins, et peut toujours se clore.
    """
    lignes = tuple(table)
    trouves = []
    for genre in GenreIncident:
        siennes = [ligne for ligne in lignes if ligne.incident is genre]
        if len(siennes) != 1:
            trouves.append(f"l'incident « {genre} » est écrit {len(siennes)} fois, au lieu d'une")
    for ligne in lignes:
        if Suite.CLORE not in ligne.suites:
            trouves.append(f"« {ligne.incident} » ne peut pas se clore : ce serait une impasse")
        if not ligne.moments:
            trouves.append(f"« {ligne.incident} » ne se signale à aucun moment")
    return tuple(trouves)


def signalables(table: Iterable[Ligne], *, commencee: bool, voies: Collection[str]) -> tuple[GenreIncident, ...]:
    """Les incidents que l'on peut signaler, dans l'ordre de la table.

    `commencee` : un geste au moins est reçu ; `voies` : celles que l'épreuve de ce bloc permet.
    """
    moment = Moment.PENDANT if commencee else Moment.AVANT
    return tuple(
        ligne.incident for ligne in table if moment in ligne.moments and (ligne.voie is None or ligne.voie in voies)
    )


def suites_permises(
    table: Iterable[Ligne], incidents: Collection[GenreIncident], *, commencee: bool
) -> tuple[Suite, ...]:
    """Ce que le gestionnaire peut décider d'une épreuve que suspendent ces incidents : ce que chacun d'eux permet.

    `commencee` : un geste au moins est reçu. Un incident qui ne se conçoit qu'avant n'a donc pas eu lieu : il n'empêche
    pas de reprendre.
    """
    reprise = frozenset({Suite.REPRENDRE})
    permises = [
        ligne.suites | reprise if commencee and Moment.PENDANT not in ligne.moments else ligne.suites
        for ligne in table
        if ligne.incident in incidents
    ]
    return tuple(suite for suite in Suite if all(suite in suites for suites in permises))


def consequence(
    table: Iterable[Ligne], incidents: Collection[GenreIncident], suite: Suite, *, commencee: bool
) -> Consequence:
    """Où va l'épreuve. Lève `Refus("suite_interdite")` si l'un de ces incidents ne permet pas cette suite (`suites_permises`).

    Replanifier garde la grille si tous les incidents le permettent ; sinon une nouvelle épreuve s'ouvre, et celle-ci est
    non évaluée.
    """
    lignes = [ligne for ligne in table if ligne.incident in incidents]
    if suite not in suites_permises(lignes, incidents, commencee=commencee):
        raise Refus("suite_interdite", "Le règlement ne permet pas cette suite pour cet incident.")
    if suite is Suite.CLORE:
        return Consequence(NON_EVALUEE, nouvelle_epreuve=False)
    neuve = suite is Suite.REPLANIFIER and any(x.replanifier is NouvelleDate.NOUVELLE_EPREUVE for x in lignes)
    return Consequence(NON_EVALUEE if neuve else None, nouvelle_epreuve=neuve)
