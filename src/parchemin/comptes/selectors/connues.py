"""Toutes les personnes enregistrées, réduites à ce qui les reconnaît : pour comparer un fichier, jamais pour une page."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Coalesce

from parchemin.comptes.models import Personne
from parchemin.socle.acteur import Acteur
from parchemin.socle.cles import cle_recherche


@dataclass(frozen=True, slots=True)
class PersonneConnue:
    """Une personne : son nom d'affichage, ses noms (« nom|prenom » en clés de recherche, ceux de ses fiches réunies compris)."""

    id: UUID
    nom: str
    noms: frozenset[str]
    courriels: frozenset[str]


def cle_de_nom(nom: str, prenom: str) -> str:
    """De quoi comparer deux noms, sans accents ni casse."""
    return f"{cle_recherche(nom)}|{cle_recherche(prenom)}"


def personnes_connues(lecteur: Acteur) -> tuple[PersonneConnue, ...]:
    """Chaque personne une fois, ses fiches réunies en une. Une requête. Sans contrôle d'accès : pour qui tient tout le registre."""
    fiches: dict[UUID, tuple[str, set[str], set[str]]] = {}
    fiches_gardees_d_abord = F("alias_de_id").asc(nulls_first=True)
    lignes = (
        Personne.objects.annotate(tete=Coalesce("alias_de_id", "pk"))
        .order_by(fiches_gardees_d_abord, "pk")
        .values_list("tete", "prenom", "nom", "courriel_pro", "compte__courriel")
    )
    for tete, prenom, nom, courriel, connexion in lignes:
        _, noms, courriels = fiches.setdefault(tete, (f"{prenom} {nom}", set(), set()))
        noms.add(cle_de_nom(nom, prenom))
        courriels.update(filter(None, (courriel, connexion)))
    return tuple(
        PersonneConnue(pk, affiche, frozenset(noms), frozenset(courriels))
        for pk, (affiche, noms, courriels) in fiches.items()
    )
