"""Ce que les écritures partagent : la chaîne de journal d'un organisme, les textes et les clés."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from parchemin.comptes.selectors import Droits, droits
from parchemin.socle.acteur import Acteur
from parchemin.socle.cles import cle_recherche
from parchemin.socle.horloge import jour_civil

CHAINE = "comptes"
ANCIENS = " | "
"""Sépare, dans la clé de recherche, le nom du jour de ceux d'avant : on trouve quelqu'un sous un nom qu'il a porté."""


def chaine_organisme(organisme: UUID | None) -> str:
    """La chaîne de journal d'un organisme ; celle des comptes quand il n'y en a pas."""
    return CHAINE if organisme is None else f"organisme:{organisme}"


def droits_de(auteur: Acteur, maintenant: datetime) -> Droits:
    """Les droits de l'auteur d'un acte, le jour de cet acte."""
    return droits(auteur, jour_civil(maintenant))


def propre(texte: str) -> str:
    """Le texte saisi, sans espaces en trop."""
    return " ".join(texte.split())


def cle_de_recherche(*morceaux: str) -> str:
    """Les mots de chaque morceau, puis le morceau d'un seul tenant : « d'Arc » se trouve par « arc » et par « darc »."""
    mots: list[str] = []
    for cle in filter(None, map(cle_recherche, morceaux)):
        mots += [cle, cle.replace(" ", "")] if " " in cle else [cle]
    return " ".join(mots)
