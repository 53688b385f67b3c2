"""Lire une invitation, pour le porteur de son jeton."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from parchemin.comptes.models import Invitation


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
