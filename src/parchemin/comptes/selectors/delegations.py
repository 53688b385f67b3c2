"""Lire les délégations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from parchemin.comptes.enums import DELEGABLES, NatureRole
from parchemin.comptes.models import Delegation
from parchemin.comptes.selectors.portees import Portee, roles_en_cours
from parchemin.socle.acteur import Acteur


@dataclass(frozen=True, slots=True)
class VueDelegation:
    """Une délégation, ses deux personnes nommées. `dernier_jour` est compris."""

    id: UUID
    delegant: UUID
    delegant_nom: str
    delegue: UUID
    delegue_nom: str
    portee: Portee
    organisme_nom: str
    du: date
    dernier_jour: date
    motif: str

    def en_cours(self, jour: date) -> bool:
        """Vrai si elle ouvre quelque chose ce jour-là."""
        return self.du <= jour <= self.dernier_jour


@dataclass(frozen=True, slots=True)
class RoleDelegable:
    """Un rôle du lecteur qu'il peut confier : son identifiant, et comment le nommer."""

    id: UUID
    nom: str


def delegations_donnees(lecteur: Acteur, jour: date) -> tuple[VueDelegation, ...]:
    """Ce que le lecteur a délégué, en cours ou à venir, la plus proche d'abord."""
    return _vues(_valables(jour).filter(role__personne_id=lecteur.id))


def delegations_recues(lecteur: Acteur, jour: date) -> tuple[VueDelegation, ...]:
    """Ce qu'on a délégué au lecteur, en cours ou à venir, la plus proche d'abord."""
    return _vues(_valables(jour).filter(delegue_id=lecteur.id))


def roles_delegables(lecteur: Acteur, jour: date) -> tuple[RoleDelegable, ...]:
    """Les rôles que le lecteur tient ce jour-là en propre et peut confier. Aucun pour qui agit par délégation."""
    if lecteur.par_delegation_de is not None:
        return ()
    siens = roles_en_cours(jour).filter(personne_id=lecteur.id, nature__in=DELEGABLES).select_related("organisme")
    return tuple(
        RoleDelegable(role.pk, f"{NatureRole(role.nature).label}, {_lieu(role.organisme, role.certification)}")
        for role in siens.order_by("nature", "organisme__cle_tri", "pk")
    )


def delegations_de(lecteur: Acteur, jour: date) -> tuple[VueDelegation, ...]:
    """Ce que le lecteur a délégué et ce qu'on lui a délégué, ensemble : une requête."""
    return _vues(_valables(jour).filter(Q(role__personne_id=lecteur.id) | Q(delegue_id=lecteur.id)))


def _valables(jour: date) -> QuerySet[Delegation]:
    """Ni révoquées, ni finies, et dont le rôle vaut encore."""
    encore = Q(role__au__isnull=True) | Q(role__au__gt=jour)
    return Delegation.objects.filter(encore, revoquee_le=None, au__gt=jour)


def _vues(lignes: QuerySet[Delegation]) -> tuple[VueDelegation, ...]:
    return tuple(
        VueDelegation(
            id=ligne.pk,
            delegant=ligne.role.personne_id,
            delegant_nom=str(ligne.role.personne),
            delegue=ligne.delegue_id,
            delegue_nom=str(ligne.delegue),
            portee=Portee(
                NatureRole(ligne.role.nature), ligne.role.organisme_id, ligne.role.certification, ligne.role.session
            ),
            organisme_nom=_lieu(ligne.role.organisme, ligne.role.certification),
            du=ligne.du,
            dernier_jour=ligne.au - timedelta(days=1),
            motif=ligne.motif,
        )
        for ligne in lignes.select_related("role__personne", "role__organisme", "delegue").order_by("du", "pk")
    )


def _lieu(organisme: object | None, certification: str) -> str:
    lieu = str(organisme) if organisme else "tous les organismes"
    return f"{lieu}, certification {certification}" if certification else lieu
