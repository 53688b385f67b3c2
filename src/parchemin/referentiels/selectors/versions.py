"""Lire les versions publiées et leur norme."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from moteur.referentiel import Referentiel, construire
from parchemin.referentiels.models import Version
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import Introuvable


@dataclass(frozen=True, slots=True)
class VersionPubliee:
    """Une version publiée : son nom et l'empreinte SHA-256 de sa norme, celle que porte toute grille."""

    id: UUID
    code: str
    version: str
    empreinte: str
    publiee_le: datetime

    def nom(self) -> str:
        """« cqp-cos@2021 »."""
        return f"{self.code}@{self.version}"


_CHAMPS = ("id", "code", "version", "empreinte", "publiee_le")


def versions_publiees(lecteur: Acteur | None) -> tuple[VersionPubliee, ...]:
    """Toutes les versions, par certification, la plus récente d'abord (une requête)."""
    lignes = Version.objects.order_by("code", "-version").values_list(*_CHAMPS)
    return tuple(VersionPubliee(*ligne) for ligne in lignes)


def version_publiee(lecteur: Acteur | None, code: str, version: str) -> VersionPubliee:
    """La version `code@version`. Lève `Introuvable` si elle n'est pas publiée."""
    return _une(code=code, version=version)


def version_d_empreinte(lecteur: Acteur | None, empreinte: str) -> VersionPubliee:
    """La version dont la norme a cette empreinte. Lève `Introuvable`."""
    return _une(empreinte=empreinte)


def _une(**cle: str) -> VersionPubliee:
    ligne = Version.objects.filter(**cle).values_list(*_CHAMPS).first()
    if ligne is None:
        raise Introuvable("Cette version de référentiel n'est pas publiée ici.")
    return VersionPubliee(*ligne)


def norme(lecteur: Acteur | None, empreinte: str) -> Referentiel:
    """L'arbre du moteur pour la norme de cette empreinte, gardé en mémoire. Lève `Introuvable`.

    Une norme publiée ne change jamais : ce que la mémoire garde est juste tant que le processus vit.
    """
    return _norme(empreinte)[0]


def contenu_norme(lecteur: Acteur | None, empreinte: str) -> Mapping[str, Any]:
    """La norme entière de cette empreinte, phrases comprises ; à lire, jamais à modifier. Lève `Introuvable`."""
    return _norme(empreinte)[1]


@lru_cache(maxsize=16)
def _norme(empreinte: str) -> tuple[Referentiel, Mapping[str, Any]]:
    ligne = Version.objects.filter(empreinte=empreinte).values_list("code", "version", "norme").first()
    if ligne is None:
        raise Introuvable("Cette version de référentiel n'est pas publiée ici.")
    code, version, texte = ligne
    contenu: dict[str, Any] = json.loads(texte)
    return construire(code, version, contenu), contenu
