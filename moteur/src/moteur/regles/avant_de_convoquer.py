"""Le carnet d'un bloc est complet avant sa convocation ; en VAE, le dossier de validation en tient lieu ; une dispense motivée, où le règlement la permet, en tient lieu aussi.

Le règlement tient une table : pour chaque voie d'accès, ce que l'on attend, et si le gestionnaire peut en dispenser. Une
répudiation que personne n'a éclaircie arrête tout, quelle que soit la voie et malgré toute dispense : on ne convoque pas sur
un doute. On ne dispense que du carnet : la loi, elle, attend le dossier de validation.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from moteur.vocabulaire import Refus, Verdict

CODE = "AVANT-DE-CONVOQUER"
SOURCE = (
    "Référentiel, « Carnet de suivi des compétences : Remis au début du parcours » ; code du travail, article R6412-5 (dossier "
    "de validation d'une VAE) ; réglage « avant_convocation » du règlement, à confirmer par le certificateur."
)
DEPUIS = "règlement du 19 avril 2021"
JUSQU_A = None


class Attendu(StrEnum):
    """Ce que l'on attend avant de convoquer."""

    CARNET = "carnet"
    DOSSIER_DE_VALIDATION = "dossier_de_validation"
    RIEN = "rien"


class Manque(StrEnum):
    """Ce qui empêche de convoquer. Les valeurs sont des codes de refus : elles ne se renomment pas."""

    GEL = "carnet_gele"
    CARNET = "carnet_incomplet"
    DOSSIER_DE_VALIDATION = "validation_attendue"


@dataclass(frozen=True, slots=True)
class Ligne:
    """Une ligne de la table. `dispensable` : le gestionnaire peut dispenser du carnet, avec un motif."""

    voie: str
    attendu: Attendu
    dispensable: bool = False


TABLE_PAR_DEFAUT = (
    Ligne("formation_continue", Attendu.CARNET, dispensable=True),
    Ligne("contrat_professionnalisation", Attendu.CARNET, dispensable=True),
    Ligne("reconversion", Attendu.CARNET, dispensable=True),
    Ligne("vae", Attendu.DOSSIER_DE_VALIDATION),
    Ligne("formation_initiale", Attendu.CARNET, dispensable=True),
    Ligne("apprentissage", Attendu.CARNET, dispensable=True),
    Ligne("equivalence", Attendu.CARNET, dispensable=True),
    Ligne("candidat_libre", Attendu.CARNET, dispensable=True),
)
"""La table tenue tant qu'un règlement n'en dit pas d'autre ; celle du fichier du référentiel lui est égale."""


def defauts(table: Iterable[Ligne], voies: Collection[str]) -> tuple[str, ...]:
    """Ce qui rend une table fausse, en français ; vide : chaque voie y est une fois, et l'on ne dispense que d'un carnet."""
    lignes = tuple(table)
    connues = list(dict.fromkeys((*voies, *(ligne.voie for ligne in lignes))))
    trouves = []
    for voie in connues:
        nombre = sum(ligne.voie == voie for ligne in lignes)
        if voie not in voies:
            trouves.append(f"la voie « {voie} » n'existe pas")
        elif nombre != 1:
            trouves.append(f"la voie « {voie} » est écrite {nombre} fois, au lieu d'une")
    trouves += [
        f"« {ligne.voie} » n'attend pas de carnet : il n'y a rien dont dispenser"
        for ligne in lignes
        if ligne.dispensable and ligne.attendu is not Attendu.CARNET
    ]
    return tuple(trouves)


def de_la_voie(table: Iterable[Ligne], voie: str) -> Ligne:
    """La ligne de cette voie. Lève `Refus("voie_inconnue")` si la table ne la dit pas : on ne convoque pas sans règle."""
    for ligne in table:
        if ligne.voie == voie:
            return ligne
    raise Refus("voie_inconnue", f"Le règlement ne dit pas ce qu'attend la voie « {voie} » avant de convoquer.")


def remet_un_carnet(ligne: Ligne) -> bool:
    """Vrai si le carnet se remet au début de ce parcours, même quand la convocation ne l'exige pas complet."""
    return ligne.attendu is not Attendu.DOSSIER_DE_VALIDATION


def manque(ligne: Ligne, *, carnet: Verdict, dossier_de_validation: bool, dispense: bool, gele: bool) -> Manque | None:
    """Ce qui empêche de convoquer pour un bloc, ou `None`.

    `carnet` : le verdict de `carnet_complet` pour ce bloc (`None` : il y manque des attestations) ; `dispense` : une dispense
    motivée de ce bloc, qui vaut si la ligne la permet ; `gele` : une répudiation que personne n'a éclaircie.
    """
    if gele:
        return Manque.GEL
    if ligne.attendu is Attendu.CARNET and carnet is not True and not (dispense and ligne.dispensable):
        return Manque.CARNET
    if ligne.attendu is Attendu.DOSSIER_DE_VALIDATION and not dossier_de_validation:
        return Manque.DOSSIER_DE_VALIDATION
    return None
