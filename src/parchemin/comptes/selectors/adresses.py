"""Les adresses de courriel : pour écrire à quelqu'un, jamais pour le montrer à quelqu'un d'autre."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from parchemin.comptes.models import Compte, Personne
from parchemin.socle.acteur import Acteur


def adresses(lecteur: Acteur, ids: Iterable[UUID]) -> dict[UUID, str]:
    """L'adresse où écrire à chacun : celle de son compte ouvert, sinon son courriel professionnel ; sans adresse, absent.

    Celle du compte l'emporte : sa personne l'a confirmée et la change seule, quand un gestionnaire corrige l'autre. Un code
    d'attestation, et l'avis qui le dit, ne se détournent donc pas en corrigeant une fiche.
    """
    lignes = Personne.objects.filter(pk__in=set(ids)).order_by()
    trouvees: dict[UUID, str] = {}
    for pk, courriel_pro, courriel, actif in lignes.values_list(
        "pk", "courriel_pro", "compte__courriel", "compte__is_active"
    ):
        if adresse := (courriel if actif else "") or courriel_pro:
            trouvees[pk] = adresse
    return trouvees


def courriels_pris(lecteur: Acteur, courriels: Iterable[str]) -> frozenset[str]:
    """Ceux de ces courriels professionnels qu'une personne porte déjà, visible du lecteur ou non. Rien d'autre d'elle ne se dit."""
    lignes = Personne.objects.filter(courriel_pro__in=set(courriels)).order_by()
    return frozenset(lignes.values_list("courriel_pro", flat=True))


def comptes_ouverts(lecteur: Acteur, apres: UUID | None, au_plus: int) -> tuple[tuple[UUID, str], ...]:
    """Les personnes qui ont un compte ouvert et leur adresse, par identifiant croissant, après celui-là."""
    lignes = Compte.objects.filter(is_active=True).order_by("personne_id")
    if apres is not None:
        lignes = lignes.filter(personne_id__gt=apres)
    return tuple(lignes.values_list("personne_id", "courriel")[:au_plus])


def sans_compte(
    lecteur: Acteur, personnes: QuerySet[Any], *, apres: UUID | None, au_plus: int
) -> tuple[tuple[UUID, str], ...]:
    """Celles de ces personnes (une sous-requête) qui ont une adresse et pas de compte ouvert, comme `comptes_ouverts` les donne."""
    lignes = Personne.objects.filter(pk__in=personnes).exclude(courriel_pro="").exclude(compte__is_active=True)
    if apres is not None:
        lignes = lignes.filter(pk__gt=apres)
    return tuple(lignes.order_by("pk").values_list("pk", "courriel_pro")[:au_plus])
