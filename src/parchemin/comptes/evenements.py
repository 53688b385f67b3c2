"""Ce que les comptes annoncent aux capacités du dessus."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class LienChange:
    """Un lien entre deux personnes vient d'être déclaré, clos, corrigé ou annulé."""

    de: UUID
    vers: UUID
    le: datetime


@dataclass(frozen=True, slots=True)
class LiensImportes:
    """Un fichier de liens vient d'être confirmé ; `personnes_de_l_import` dit qui ils touchent."""

    importation: UUID
    le: datetime


@dataclass(frozen=True, slots=True)
class TitreDeJugeChange:
    """Ce qui permet à cette personne d'évaluer ou de juger a changé : un rôle donné ou retiré, un départ, le registre."""

    personne: UUID
    le: datetime


@dataclass(frozen=True, slots=True)
class FichesReunies:
    """Deux fiches n'en font plus qu'une : les liens de l'une sont désormais ceux de l'autre."""

    alias: UUID
    gardee: UUID
    le: datetime


@dataclass(frozen=True, slots=True)
class HabilitationChangee:
    """Un organisme est habilité autrement : donnée, changée, suspendue, résiliée ; ou il a fermé, ou rouvert."""

    organisme: UUID
    le: datetime
