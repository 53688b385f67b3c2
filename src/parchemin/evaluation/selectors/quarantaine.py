"""La quarantaine : ce qui attend la décision du gestionnaire, et ce qu'en sait son auteur. Jamais ce que disent ces gestes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Max, Min, QuerySet

from parchemin.convocations.selectors import VueEpreuve, epreuves_visibles, vues
from parchemin.evaluation.models import GesteMisAPart
from parchemin.socle.acteur import Acteur


@dataclass(frozen=True, slots=True)
class GestesAPart:
    """Les gestes mis à part d'un évaluateur, sans leur contenu : combien, pourquoi, reçus de quand à quand."""

    evaluateur: UUID
    nombre: int
    motif: str
    premier_recu: datetime
    dernier_recu: datetime


def gestes_a_regler(lecteur: Acteur, epreuve: UUID) -> QuerySet[GesteMisAPart]:
    """Les gestes mis à part dont nul n'a encore décidé. Pour un service qui établit lui-même le droit."""
    return GesteMisAPart.objects.filter(epreuve_id=epreuve, sort=None).order_by("recu_le", "pk")


def quarantaine(lecteur: Acteur, epreuves: Iterable[UUID]) -> dict[UUID, tuple[GestesAPart, ...]]:
    """Ce qui attend la décision du gestionnaire, par épreuve. Une requête. Rien de ce que disent ces gestes."""
    lignes = (
        GesteMisAPart.objects.filter(epreuve_id__in=set(epreuves), sort=None)
        .values("epreuve_id", "evaluateur_id")
        .annotate(nombre=Count("pk"), motif=Min("motif"), premier=Min("recu_le"), dernier=Max("recu_le"))
        .order_by("epreuve_id", "premier", "evaluateur_id")
    )
    trouves: dict[UUID, tuple[GestesAPart, ...]] = {}
    for ligne in lignes:
        vue = GestesAPart(ligne["evaluateur_id"], ligne["nombre"], ligne["motif"], ligne["premier"], ligne["dernier"])
        trouves[ligne["epreuve_id"]] = (*trouves.get(ligne["epreuve_id"], ()), vue)
    return trouves


def mes_gestes_a_part(lecteur: Acteur) -> tuple[int, datetime | None]:
    """Les gestes du lecteur, toutes épreuves, dont le gestionnaire n'a pas encore décidé : combien, et le dernier reçu."""
    miens = GesteMisAPart.objects.filter(evaluateur_id=lecteur.id, sort=None)
    compte = miens.aggregate(nombre=Count("pk"), dernier=Max("recu_le"))
    return compte["nombre"], compte["dernier"]


def quarantaines_a_regler(
    lecteur: Acteur, jour: date, au_plus: int
) -> tuple[tuple[VueEpreuve, tuple[GestesAPart, ...]], ...]:
    """Les épreuves que voit le lecteur, closes ou non, dont des gestes attendent une décision ; `au_plus` tant. Une requête s'il
    n'y en a pas.
    """
    visibles = epreuves_visibles(lecteur, jour)
    attendent = (
        GesteMisAPart.objects.filter(sort=None, epreuve_id__in=visibles.order_by().values("pk"))
        .order_by()
        .values("epreuve_id")
        .annotate(premier=Min("recu_le"))
        .order_by("premier", "epreuve_id")
    )
    ids = list(attendent.values_list("epreuve_id", flat=True)[:au_plus])
    if not ids:
        return ()
    trouves = quarantaine(lecteur, ids)
    par_id = {vue.id: vue for vue in vues(lecteur, visibles.filter(pk__in=ids))}
    return tuple((par_id[epreuve], trouves[epreuve]) for epreuve in ids)
