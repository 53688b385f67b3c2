"""Ce que tous les gestes ont en commun : leur forme, un dossier, un rôle, un échange."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from parchemin.comptes import services as comptes_services
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.socle.acteur import SYSTEME, Acteur
from tests.droits.monde import Caisse

type Adresse = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Geste:
    """Comment visiter une adresse, et quoi lui envoyer."""

    adresse: Callable[[Caisse], Adresse] = lambda caisse: {}
    corps: Callable[[Caisse, str], Mapping[str, Any] | str] = lambda caisse, personnage: {}
    """Un formulaire (correspondance), ou du JSON (texte) : le même pour tous les personnages d'une caisse, quelle que soit la méthode."""
    requete: str = ""
    """Ce qui suit le « ? »."""
    avant: Callable[[Caisse], None] | None = None
    """Ce qu'il faut préparer, par les services, pour que l'acte ait un sens. Défait après l'adresse."""


def dossier(nom: str = "identifiant") -> Callable[[Caisse], Adresse]:
    return lambda caisse: {nom: caisse.dossier}


def remplie(caisse: Caisse) -> Adresse:
    return {"identifiant": caisse.remplie.epreuve}


def _role(acteur: Acteur, nature: NatureRole, organisme: UUID | None) -> None:
    comptes_services.donner_role(
        personne=acteur.id, nature=nature, organisme=organisme, auteur=SYSTEME, maintenant=comptes.JADIS
    )


def echanger(caisse: Caisse) -> None:
    """Le tuteur peut devenir manager, et l'inverse."""
    _role(caisse.monde.manager, NatureRole.TUTEUR, caisse.organisme)
    _role(caisse.monde.tuteur, NatureRole.MANAGER, caisse.organisme)
