"""Ce qui s'est appuyé sur une fiche : de quoi dire si l'on peut revenir sur son arrivée."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from uuid import UUID

from parchemin.comptes.models import Compte, Personne
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import date_en_clair


def comptes_ouverts_depuis(
    lecteur: Acteur, personnes: Collection[UUID], depuis: datetime
) -> Iterator[tuple[UUID, str]]:
    """Celles de ces personnes dont le compte s'est ouvert depuis cet instant, et ce qu'il faut en dire. Une requête."""
    comptes = Compte.objects.filter(personne__in=personnes, ouvert_le__gt=depuis).order_by("personne")
    for personne, ouvert_le, derniere in comptes.values_list("personne_id", "ouvert_le", "last_login"):
        yield (
            personne,
            (
                f"s'est connecté le {date_en_clair(jour_civil(derniere))}."
                if derniere
                else f"a ouvert son compte le {date_en_clair(jour_civil(ouvert_le))}."
            ),
        )


def fiches_neuves_reunies(lecteur: Acteur, personnes: Collection[UUID]) -> Iterator[tuple[UUID, str]]:
    """Celles de ces fiches que l'on a réunies à une autre, dans un sens ou dans l'autre. Deux requêtes."""
    for personne in Personne.objects.filter(pk__in=personnes).exclude(alias_de=None).values_list("pk", flat=True):
        yield personne, "sa fiche a été réunie à une autre."
    alias = Personne.objects.filter(alias_de__in=personnes).order_by("alias_de")
    for personne in alias.values_list("alias_de_id", flat=True).distinct():
        yield personne, "une autre fiche a été réunie à la sienne."
