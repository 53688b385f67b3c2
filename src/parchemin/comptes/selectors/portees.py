"""Ce qu'un acteur peut, un jour donné."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Role
from parchemin.socle.acteur import Acteur


@dataclass(frozen=True, slots=True)
class Portee:
    """Un rôle en cours et son périmètre ; `organisme` vaut `None` pour « partout »."""

    nature: NatureRole
    organisme: UUID | None


@dataclass(frozen=True, slots=True)
class Droits:
    """Les rôles en cours d'un acteur à une date. Sans acteur, ou sans rôle : rien."""

    acteur: Acteur | None
    portees: tuple[Portee, ...] = ()

    def a(self, nature: NatureRole) -> bool:
        """Vrai si l'acteur tient ce rôle, quel qu'en soit le périmètre."""
        return any(portee.nature == nature for portee in self.portees)

    def partout(self, nature: NatureRole) -> bool:
        """Vrai si l'acteur tient ce rôle sans borne d'organisme."""
        return any(portee.nature == nature and portee.organisme is None for portee in self.portees)

    def organismes(self, nature: NatureRole) -> frozenset[UUID]:
        """Les organismes où l'acteur tient ce rôle. Vide ne veut pas dire « partout » : voir `partout`."""
        return frozenset(p.organisme for p in self.portees if p.nature == nature and p.organisme is not None)

    def couvre(self, nature: NatureRole, organisme: UUID | None) -> bool:
        """Vrai si l'acteur tient ce rôle pour cet organisme ; `None` demande le rôle « partout »."""
        return self.partout(nature) or (organisme is not None and organisme in self.organismes(nature))

    @property
    def est_administrateur(self) -> bool:
        """Vrai pour qui installe et ouvre les accès."""
        return self.a(NatureRole.ADMINISTRATEUR)

    @property
    def est_gestionnaire(self) -> bool:
        """Vrai pour qui gère au moins un périmètre."""
        return self.a(NatureRole.GESTIONNAIRE)

    @property
    def natures(self) -> tuple[NatureRole, ...]:
        """Les rôles tenus, dans l'ordre de l'énumération, sans répétition."""
        tenues = {portee.nature for portee in self.portees}
        return tuple(nature for nature in NatureRole if nature in tenues)


AUCUN_DROIT = Droits(None)


_DROITS_SYSTEME = (Portee(NatureRole.ADMINISTRATEUR, None), Portee(NatureRole.GESTIONNAIRE, None))


def droits(acteur: Acteur | None, jour: date) -> Droits:
    """Les droits d'un acteur ce jour-là (une requête). Le système administre et gère partout ; il n'atteste ni ne juge."""
    if acteur is None:
        return AUCUN_DROIT
    if acteur.est_systeme:
        return Droits(acteur, _DROITS_SYSTEME)
    roles = roles_en_cours(jour).filter(personne_id=acteur.id).order_by("nature", "organisme_id")
    return Droits(acteur, tuple(Portee(NatureRole(n), o) for n, o in roles.values_list("nature", "organisme_id")))


def roles_en_cours(jour: date) -> QuerySet[Role]:
    return Role.objects.filter(du__lte=jour).filter(Q(au__isnull=True) | Q(au__gt=jour))


def roles_ouverts(lecteur: Acteur, personne: UUID, nature: NatureRole, jour: date) -> tuple[Portee, ...]:
    """Les rôles de cette nature que tient une personne ce jour-là : de quoi vérifier une désignation."""
    return tuple(p for p in droits(Acteur(personne), jour).portees if p.nature == nature)


def administrateur_existe(lecteur: Acteur, jour: date) -> bool:
    """Vrai si quelqu'un administre cette installation ce jour-là."""
    return roles_en_cours(jour).filter(nature=NatureRole.ADMINISTRATEUR).exists()
