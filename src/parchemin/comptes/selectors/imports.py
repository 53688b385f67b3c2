"""Ce que partagent les imports : un fichier en attente, ses lignes, ce que l'on ferait de chacune."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from parchemin.socle.acteur import Acteur
from parchemin.socle.bases import ImportEnAttente
from parchemin.socle.refus import Introuvable
from parchemin.socle.tableur import Ligne


@dataclass(frozen=True, slots=True)
class FichierDepose:
    """Un import en attente, tel qu'une liste le montre : sans son contenu."""

    id: UUID
    nom_fichier: str
    depose_le: datetime
    expire: datetime


@dataclass(frozen=True, slots=True)
class VueImport(FichierDepose):
    """Un import en attente, et ses lignes."""

    lignes: tuple[Ligne, ...]


def en_attente(lecteur: Acteur, modele: type[ImportEnAttente], identifiant: UUID, maintenant: datetime) -> VueImport:
    """L'import que le lecteur a déposé et qui attend sa confirmation. Lève `Introuvable`."""
    ligne = attendent(lecteur, modele, maintenant).filter(pk=identifiant).first()
    if ligne is None:
        raise Introuvable("Cet import n'attend plus : il a été confirmé, abandonné, ou a expiré.")
    return VueImport(ligne.pk, ligne.nom_fichier, ligne.depose_le, ligne.expire, lignes_gardees(ligne.lignes))


def tous_en_attente(lecteur: Acteur, modele: type[ImportEnAttente], maintenant: datetime) -> tuple[FichierDepose, ...]:
    """Les imports que le lecteur a déposés et qui attendent sa confirmation, le plus récent d'abord. Une requête."""
    lignes = attendent(lecteur, modele, maintenant).order_by("-depose_le", "pk")
    return tuple(FichierDepose(*une) for une in lignes.values_list("pk", "nom_fichier", "depose_le", "expire"))


def attendent[I: ImportEnAttente](lecteur: Acteur, modele: type[I], maintenant: datetime) -> QuerySet[I]:
    """Ceux que le lecteur a déposés, et qui attendent encore qu'il en décide."""
    siens = modele.objects.filter(depose_par=lecteur.id, confirme_le=None, abandonne_le=None)
    return siens.filter(expire__gt=maintenant)


def lignes_gardees(gardees: list[dict[str, Any]]) -> tuple[Ligne, ...]:
    """Les lignes lues, telles que la base les a gardées."""
    return tuple(Ligne(une["numero"], une["valeurs"], une["places"]) for une in gardees)


class Fautes:
    """Les fautes d'un fichier, chacune avec sa cellule ; dites dans l'ordre des lignes."""

    def __init__(self) -> None:
        self._dites: list[tuple[int, str]] = []

    def __len__(self) -> int:
        return len(self._dites)

    def dire(self, ligne: Ligne, colonne: str, texte: str) -> None:
        """Note une faute : « B7 : … »."""
        self._dites.append((ligne.numero, f"{ligne.cellule(colonne)} : {texte}"))

    def toutes(self) -> tuple[str, ...]:
        """Toutes, par numéro de ligne."""
        return tuple(texte for _, texte in sorted(self._dites, key=lambda faute: faute[0]))
