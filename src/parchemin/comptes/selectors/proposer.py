"""Proposer quelques personnes à qui doit en choisir une : un menu ne charge jamais vingt mille lignes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from parchemin.comptes.models import Personne
from parchemin.comptes.selectors.fiches_personnes import personnes
from parchemin.socle.acteur import Acteur

AU_PLUS = 25
"""Au-delà, on cherche par un nom."""


@dataclass(frozen=True, slots=True)
class Proposition:
    """Les personnes proposées (identifiant, « Nom Prénom ») ; `d_autres` : la recherche en trouve davantage.

    `a_chercher` : la page montre aussi des gens que le menu ne propose pas, et que la recherche trouve ; `si_personne` : ce
    qui se dit quand le menu est vide.
    """

    choix: tuple[tuple[str, str], ...]
    d_autres: bool
    a_chercher: bool = False
    si_personne: str = ""


def personnes_proposees(lecteur: Acteur, jour: date, recherche: str = "", garder: Collection[UUID] = ()) -> Proposition:
    """Les premières personnes du périmètre du lecteur qui répondent à la recherche, à la française.

    `garder` : celles déjà choisies, proposées même si la recherche ne les trouve pas, si elles sont du périmètre. Deux
    homonymes se distinguent par leur courriel.
    """
    siennes = personnes(lecteur, jour)
    trouvees = list(_identites(personnes(lecteur, jour, recherche)[: AU_PLUS + 1]))
    d_autres = len(trouvees) > AU_PLUS
    trouvees = trouvees[:AU_PLUS]
    manquent = set(garder) - {pk for pk, *_ in trouvees}
    gardees = list(_identites(siennes.filter(pk__in=manquent))) if manquent else []
    lignes = [*gardees, *trouvees]
    fois = Counter((nom, prenom) for _, nom, prenom, _ in lignes)
    return Proposition(
        tuple(
            (str(pk), f"{nom} {prenom}" + (f" ({courriel})" if courriel and fois[nom, prenom] > 1 else ""))
            for pk, nom, prenom, courriel in lignes
        ),
        d_autres,
    )


def _identites(lignes: QuerySet[Personne]) -> Iterable[tuple[UUID, str, str, str]]:
    return lignes.values_list("pk", "nom", "prenom", "courriel_pro")
