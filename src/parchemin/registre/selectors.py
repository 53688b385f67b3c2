"""Lire le journal. Le lecteur d'abord ; les chaînes qu'il peut lire sont calculées au-dessus, par `comptes`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from parchemin.registre.models import Chaine, Entree, ValeurPersonnelle
from parchemin.socle.acteur import Acteur


def entrees(
    lecteur: Acteur,
    *,
    chaines: Collection[str] | None,
    objet: tuple[str, UUID | str] | None = None,
    auteur: UUID | None = None,
    action: str | None = None,
    depuis: datetime | None = None,
    avant: datetime | None = None,
) -> QuerySet[Entree]:
    """Les entrées, de la plus récente à la plus ancienne.

    `chaines` : celles que le lecteur a le droit de lire (`None` : toutes, pour l'auditeur national). L'argument n'a
    pas de valeur par défaut : qui appelle a dû y penser. `depuis` est compris, `avant` ne l'est pas.
    """
    lignes = Entree.objects.order_by("-instant", "-id")
    if chaines is not None:
        lignes = lignes.filter(chaine__in=chaines)
    if objet is not None:
        lignes = lignes.filter(objet_type=objet[0], objet_id=str(objet[1]))
    if auteur is not None:
        lignes = lignes.filter(auteur=auteur)
    if action is not None:
        lignes = lignes.filter(action=action)
    if depuis is not None:
        lignes = lignes.filter(instant__gte=depuis)
    if avant is not None:
        lignes = lignes.filter(instant__lt=avant)
    return lignes


def valeurs(
    lecteur: Acteur, *, chaines: Collection[str] | None, entree_ids: Collection[int]
) -> Mapping[int, Mapping[str, str | None]]:
    """Les valeurs personnelles de ces entrées, par entrée puis par nom ; `None` : effacée."""
    trouvees = ValeurPersonnelle.objects.filter(entree__in=entree_ids).order_by("entree", "nom")
    if chaines is not None:
        trouvees = trouvees.filter(entree__chaine__in=chaines)
    rendues: dict[int, dict[str, str | None]] = {}
    for entree_id, nom, valeur in trouvees.values_list("entree", "nom", "valeur"):
        rendues.setdefault(entree_id, {})[nom] = valeur
    return rendues


def chaines(lecteur: Acteur, *, chaines: Collection[str] | None) -> QuerySet[Chaine]:
    """Les chaînes et leur longueur, par nom."""
    lignes = Chaine.objects.order_by("nom")
    return lignes if chaines is None else lignes.filter(nom__in=chaines)
