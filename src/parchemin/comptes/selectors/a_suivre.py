"""Ce qui attend un administrateur : organismes sans gestionnaire, invitations restées sans suite."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Compte, Invitation, Organisme
from parchemin.comptes.selectors.portees import roles_en_cours
from parchemin.socle.acteur import Acteur


@dataclass(frozen=True, slots=True)
class OrganismeSansGestionnaire:
    """Un organisme où des candidats ont un rôle, et que personne ne gère."""

    id: UUID
    nom: str


@dataclass(frozen=True, slots=True)
class InvitationSansSuite:
    """Une invitation qui a expiré sans servir, la dernière de cette personne."""

    personne: UUID
    nom: str
    expire: datetime


def organismes_sans_gestionnaire(lecteur: Acteur, jour: date, au_plus: int) -> tuple[OrganismeSansGestionnaire, ...]:
    """Les organismes qui ont des candidats et que ne couvre aucun gestionnaire, ni le leur ni celui de tous.

    Pour qui administre : la liste ne se borne à aucun périmètre.
    """
    roles = roles_en_cours(jour)
    gerent = roles.filter(nature=NatureRole.GESTIONNAIRE).filter(Q(organisme=OuterRef("pk")) | Q(organisme=None))
    candidats = roles.filter(nature=NatureRole.CANDIDAT, organisme=OuterRef("pk"))
    lignes = Organisme.objects.filter(Exists(candidats), ~Exists(gerent)).order_by("cle_tri", "pk")
    return tuple(OrganismeSansGestionnaire(pk, nom) for pk, nom in lignes.values_list("pk", "nom")[:au_plus])


def invitations_sans_suite(lecteur: Acteur, maintenant: datetime, au_plus: int) -> tuple[InvitationSansSuite, ...]:
    """Les invitations expirées de qui n'a toujours pas de compte, la plus récente d'abord. Pour qui administre."""
    lignes = (
        Invitation.objects.filter(utilisee_le=None, remplacee_le=None, expire__lte=maintenant)
        .exclude(Exists(Compte.objects.filter(personne=OuterRef("personne"))))
        .select_related("personne")
        .order_by("-expire", "pk")
    )
    return tuple(
        InvitationSansSuite(ligne.personne_id, str(ligne.personne), ligne.expire) for ligne in lignes[:au_plus]
    )
