"""Lire la vie d'une personne : noms d'avant, départs, tâches à reprendre."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from parchemin.comptes.models import Depart, NomPorte, Personne
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import Introuvable


@dataclass(frozen=True, slots=True)
class TacheAReprendre:
    """Ce qu'une personne qui part laisse à d'autres : quoi, et où le confier."""

    titre: str
    url: str


type Taches = Callable[[Acteur, UUID, date], Iterable[TacheAReprendre]]
_TACHES: dict[str, Taches] = {}


def confier_les_taches(capacite: str, taches: Taches) -> None:
    """Déclare, depuis l'`AppConfig.ready` d'une capacité du dessus, ce qu'une personne y laisserait en partant."""
    _TACHES[capacite] = taches


def taches_a_reprendre(lecteur: Acteur, personne: UUID, jour: date) -> tuple[TacheAReprendre, ...]:
    """Tout ce que cette personne laisse et que le lecteur peut confier à d'autres."""
    return tuple(tache for nom in sorted(_TACHES) for tache in _TACHES[nom](lecteur, personne, jour))


@dataclass(frozen=True, slots=True)
class VueDepart:
    """Un départ ; `retour_le` vaut `None` tant que la personne n'est pas revenue."""

    id: UUID
    organisme: UUID | None
    organisme_nom: str
    le: date
    retour_le: date | None


@dataclass(frozen=True, slots=True)
class VieDePersonne:
    """Ce qui a changé dans une fiche, du plus ancien au plus récent."""

    noms: tuple[tuple[str, datetime], ...]
    departs: tuple[VueDepart, ...]
    alias: tuple[str, ...]


def vie(lecteur: Acteur, personne: UUID) -> VieDePersonne:
    """L'histoire d'une personne du périmètre du lecteur (l'appelant l'a établi). Trois requêtes."""
    return VieDePersonne(
        noms=tuple(
            (f"{prenom} {nom}", jusqu_a)
            for prenom, nom, jusqu_a in NomPorte.objects.filter(personne_id=personne).values_list(
                "prenom", "nom", "jusqu_a"
            )
        ),
        departs=tuple(
            VueDepart(
                d.pk, d.organisme_id, str(d.organisme) if d.organisme else "tous les organismes", d.le, d.retour_le
            )
            for d in Depart.objects.filter(personne_id=personne).select_related("organisme")
        ),
        alias=tuple(map(str, Personne.objects.filter(alias_de=personne))),
    )


def nom_porte_a(lecteur: Acteur, personne: UUID, instant: datetime) -> str:
    """« Prénom Nom » tel que la personne le portait à cet instant : ce que dit un document de ce jour-là.

    Lève `Introuvable` pour une inconnue.
    """
    ancien = NomPorte.objects.filter(personne_id=personne, jusqu_a__gt=instant).order_by("jusqu_a").first()
    if ancien is not None:
        return f"{ancien.prenom} {ancien.nom}"
    actuelle = Personne.objects.filter(pk=personne).first()
    if actuelle is None:
        raise Introuvable
    return str(actuelle)
