"""Lire une invitation, pour le porteur de son jeton."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from parchemin.comptes.enums import COURRIEL_D_INVITATION
from parchemin.comptes.models import Invitation
from parchemin.courriels import selectors as courriels
from parchemin.socle.acteur import Acteur


@dataclass(frozen=True, slots=True)
class InvitationOuverte:
    """Ce que montre le formulaire d'une invitation valable."""

    prenom: str
    nom: str
    courriel: str
    expire: datetime


def empreinte_jeton(jeton: str) -> str:
    """L'empreinte sous laquelle la base connaît un jeton."""
    return sha256(jeton.encode()).hexdigest()


def invitation_ouverte(jeton: str, maintenant: datetime) -> InvitationOuverte | None:
    """L'invitation de ce jeton si elle peut encore servir, sinon `None`. Le porteur du jeton est le lecteur. N'écrit rien."""
    ligne = (
        Invitation.objects.filter(
            empreinte=empreinte_jeton(jeton), utilisee_le__isnull=True, remplacee_le__isnull=True, expire__gt=maintenant
        )
        .select_related("personne")
        .first()
    )
    if ligne is None:
        return None
    return InvitationOuverte(ligne.personne.prenom, ligne.personne.nom, ligne.courriel, ligne.expire)


@dataclass(frozen=True, slots=True)
class InvitationEnCours:
    """L'invitation qu'une personne n'a pas encore acceptée. `envoi` : où en est son courriel, vide s'il n'y en a pas."""

    courriel: str
    emise_le: datetime
    expire: datetime
    envoi: str
    expiree: bool


def invitation_en_cours(lecteur: Acteur, personne: UUID, maintenant: datetime) -> InvitationEnCours | None:
    """L'invitation en cours de cette personne (deux requêtes). À n'appeler que pour qui peut l'inviter."""
    ligne = Invitation.objects.filter(personne_id=personne, utilisee_le=None, remplacee_le=None).first()
    if ligne is None:
        return None
    cle = f"{COURRIEL_D_INVITATION.code}:{ligne.pk}"
    envoi = courriels.envois(lecteur, [cle]).get(cle)
    return InvitationEnCours(
        ligne.courriel,
        ligne.emise_le,
        ligne.expire,
        envoi.etat.label if envoi else "",
        expiree=ligne.expire <= maintenant,
    )
