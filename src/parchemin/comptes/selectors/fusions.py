"""Deux fiches pour une seule personne : qui est qui, et ce qu'une fusion entraînerait.

La fiche abandonnée devient l'alias de l'autre. Rien de ce qui est scellé ou inscrit au journal n'est réécrit : chaque
capacité du dessus dit par `suivre_fusions` ce qui s'y oppose chez elle, ce qui suivra, et comment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, QuerySet

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Compte, Personne, Role
from parchemin.comptes.selectors.portees import Portee, encore_ouverts
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import Introuvable
from parchemin.socle.typographie import de


@dataclass(frozen=True, slots=True)
class SuiteDeFusion:
    """Ce qu'une capacité du dessus fait d'une fusion (`alias`, `gardee`).

    `obstacles` : des phrases qui disent ce qui l'empêche ; `effets` : ce qui suivra ; `appliquer` : le faire, dans la
    transaction de la fusion. Sans les deux derniers, rien ne bouge chez elle.
    """

    obstacles: Callable[[UUID, UUID], Iterable[str]]
    effets: Callable[[UUID, UUID], Iterable[str]] = lambda _alias, _gardee: ()
    appliquer: Callable[[UUID, UUID], None] = lambda _alias, _gardee: None


_SUITES: dict[str, SuiteDeFusion] = {}


def suivre_fusions(capacite: str, suite: SuiteDeFusion) -> None:
    """Déclare, depuis l'`AppConfig.ready` d'une capacité du dessus, ce qu'elle fait d'une fusion. Le redire remplace."""
    _SUITES[capacite] = suite


def suites_de_fusion() -> tuple[SuiteDeFusion, ...]:
    """Les suites déclarées, dans l'ordre de leur nom."""
    return tuple(_SUITES[nom] for nom in sorted(_SUITES))


@dataclass(frozen=True, slots=True)
class ApercuFusion:
    """Ce qui se passerait : vide d'obstacles, la fusion est possible. `compte_a_fermer` : la fiche abandonnée se connecte."""

    alias_nom: str
    gardee_nom: str
    obstacles: tuple[str, ...]
    effets: tuple[str, ...]
    compte_a_fermer: bool


def apercu_fusion(lecteur: Acteur, alias: UUID, gardee: UUID, jour: date) -> ApercuFusion:
    """L'aperçu d'une fusion, sans rien écrire. Lève `Introuvable` pour une fiche inconnue ou déjà fondue dans une autre."""
    fiches = Personne.objects.filter(alias_de=None).in_bulk([alias, gardee])
    if len(fiches) != 2:
        raise Introuvable("Ces deux fiches n'existent pas, ou l'une est déjà réunie à une autre.")
    comptes = dict(Compte.objects.filter(personne_id__in=fiches).values_list("personne_id", "is_active"))
    obstacles: list[str] = []
    if comptes.get(alias) and not comptes.get(gardee):
        obstacles.append(
            f"Seule la fiche {de(str(fiches[alias]))} a de quoi se connecter : gardez plutôt celle-là, et réunissez-y l'autre."
        )
    effets = [
        f"Rôle « {NatureRole(nature).label} » : il passe à la fiche gardée."
        for nature in _qui_suivraient(jour)
        .filter(personne_id=alias)
        .order_by("nature")
        .values_list("nature", flat=True)
    ]
    for suite in suites_de_fusion():
        obstacles += suite.obstacles(alias, gardee)
        effets += suite.effets(alias, gardee)
    return ApercuFusion(
        alias_nom=str(fiches[alias]),
        gardee_nom=str(fiches[gardee]),
        obstacles=tuple(obstacles),
        effets=tuple(effets),
        compte_a_fermer=bool(comptes.get(alias) and comptes.get(gardee)),
    )


def _qui_suivraient(jour: date) -> QuerySet[Role]:
    return Role.objects.filter(encore_ouverts(jour)).exclude(au=F("du"))


def portees_des_deux(personnes: Iterable[UUID], jour: date) -> tuple[Portee, ...]:
    """Tous les rôles de ces personnes, en cours ou à venir : de quoi vérifier qu'on pourrait les donner."""
    lignes = _qui_suivraient(jour).filter(personne_id__in=set(personnes)).order_by("pk")
    return tuple(
        Portee(NatureRole(nature), organisme, certification, session)
        for nature, organisme, certification, session in lignes.values_list(
            "nature", "organisme_id", "certification", "session"
        )
    )


def identites(lecteur: Acteur, personnes: Iterable[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Tous les identifiants d'une même personne (le sien compris), pour chacune de celles-ci. Deux requêtes au plus.

    Pour l'indépendance : deux fiches réunies comptent comme une seule personne, quel que soit l'identifiant gardé.
    """
    demandees = set(personnes)
    gardees = dict(Personne.objects.filter(pk__in=demandees).values_list("pk", "alias_de_id"))
    tetes = {personne: gardees.get(personne) or personne for personne in demandees}
    groupes: dict[UUID, set[UUID]] = {tete: {tete} for tete in tetes.values()}
    alias = Personne.objects.filter(alias_de__in=groupes).values_list("pk", "alias_de_id")
    for personne, tete in alias:
        groupes[tete].add(personne)
    return {personne: frozenset(groupes[tete]) for personne, tete in tetes.items()}


def fiches_du_lecteur(lecteur: Acteur) -> frozenset[UUID]:
    """Tout ce qui est lui : ses fiches réunies, et celles de la personne absente pour qui il agit. Deux requêtes."""
    soi = [lecteur.id] if lecteur.par_delegation_de is None else [lecteur.id, lecteur.par_delegation_de]
    return frozenset().union(*identites(lecteur, soi).values())


def fiches_reunies(lecteur: Acteur) -> dict[UUID, frozenset[UUID]]:
    """Toutes les fiches réunies à une autre : pour chacune, toutes celles de la même personne. Une requête.

    Une fiche qui n'y est pas est seule. Les réunions sont rares : tout lire coûte moins que de demander deux fois.
    """
    groupes: dict[UUID, set[UUID]] = {}
    for alias, gardee in Personne.objects.exclude(alias_de=None).order_by().values_list("pk", "alias_de_id"):
        groupes.setdefault(gardee, {gardee}).add(alias)
    return {fiche: frozenset(groupe) for groupe in groupes.values() for fiche in groupe}
