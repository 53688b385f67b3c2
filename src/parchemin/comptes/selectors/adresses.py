"""Les adresses de courriel : pour écrire à quelqu'un, jamais pour le montrer à quelqu'un d'autre."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from parchemin.comptes.models import Compte, Personne
from parchemin.socle.acteur import Acteur


def adresses(lecteur: Acteur, ids: Iterable[UUID]) -> dict[UUID, str]:
    """L'adresse où écrire à chacun : celle de son compte ouvert, sinon son courriel professionnel ; sans adresse, absent."""
    lignes = Personne.objects.filter(pk__in=set(ids)).order_by()
    trouvees: dict[UUID, str] = {}
    for pk, courriel_pro, courriel, actif in lignes.values_list(
        "pk", "courriel_pro", "compte__courriel", "compte__is_active"
    ):
        if adresse := (courriel if actif else "") or courriel_pro:
            trouvees[pk] = adresse
    return trouvees


def comptes_ouverts(lecteur: Acteur, apres: UUID | None, au_plus: int) -> tuple[tuple[UUID, str], ...]:
    """Les personnes qui ont un compte ouvert et leur adresse, par identifiant croissant, après celui-là."""
    lignes = Compte.objects.filter(is_active=True).order_by("personne_id")
    if apres is not None:
        lignes = lignes.filter(personne_id__gt=apres)
    return tuple(lignes.values_list("personne_id", "courriel")[:au_plus])
