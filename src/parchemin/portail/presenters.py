"""Ce que montrent l'accueil et le dossier : chaque capacité raconte sa part, le portail les met en ordre."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parchemin.comptes.selectors import Droits
from parchemin.parcours import selectors as parcours
from parchemin.parcours.selectors import VueDossier
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import LigneAFaire
from parchemin.socle.horloge import jour_civil


@dataclass(frozen=True, slots=True)
class PageAccueil:
    """L'accueil d'une personne : ce qu'elle a à faire."""

    lignes: tuple[LigneAFaire, ...]


@dataclass(frozen=True, slots=True)
class PageDossier:
    """Le dossier d'un candidat."""

    dossier: VueDossier


def a_faire(acteur: Acteur, droits: Droits, maintenant: datetime) -> PageAccueil:
    """L'accueil de cette personne, le plus urgent d'abord."""
    return PageAccueil(())


def dossier(acteur: Acteur, droits: Droits, identifiant: UUID, maintenant: datetime) -> PageDossier:
    """La page d'un dossier ouvert au lecteur. Lève `Introuvable` sinon."""
    return PageDossier(parcours.dossier(acteur, identifiant, jour_civil(maintenant)))
