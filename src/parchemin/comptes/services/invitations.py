"""Inviter à ouvrir un compte, et accepter l'invitation."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from parchemin.comptes.enums import Action, NatureRole
from parchemin.comptes.models import Compte, Invitation, Personne
from parchemin.comptes.permissions import verifier_peut_inviter
from parchemin.comptes.selectors import droits, empreinte_jeton
from parchemin.comptes.services.acces import ouvrir_compte
from parchemin.comptes.services.commun import CHAINE, droits_de
from parchemin.comptes.services.personnes import accueillir_personne
from parchemin.registre.services import acte
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus

VALIDITE_INVITATION = timedelta(days=7)


OCTETS_JETON = 32
"""256 bits : un jeton ne se devine pas."""


@dataclass(frozen=True, slots=True)
class InvitationEmise:
    """Le jeton n'est dit qu'ici, une fois : la base n'en garde que l'empreinte."""

    id: UUID
    jeton: str
    expire: datetime


def inviter(
    *,
    personne: UUID,
    courriel: str,
    auteur: Acteur,
    maintenant: datetime,
    alea: Callable[[int], bytes] = secrets.token_bytes,
) -> InvitationEmise:
    """Émet un lien à usage unique, valable sept jours, qui ouvre le compte d'une personne ; remplace le précédent.

    Lève `Introuvable`, `RefusDroit` (voir `verifier_peut_inviter`), `Refus("compte_deja_ouvert")`.
    """
    courriel = courriel.strip().lower()
    with acte(auteur=auteur, maintenant=maintenant, action=Action.INVITATION_EMISE, chaine=CHAINE) as journal:
        if Personne.objects.select_for_update(of=("self",)).filter(pk=personne).first() is None:
            raise Introuvable("Cette personne n'existe pas.")
        verifier_peut_inviter(droits_de(auteur, maintenant), droits(Acteur(personne), jour_civil(maintenant)).portees)
        if Compte.objects.filter(personne_id=personne).exists():
            raise Refus("compte_deja_ouvert", "Cette personne a déjà un compte : elle n'a pas besoin d'invitation.")
        Invitation.objects.filter(personne_id=personne, utilisee_le=None, remplacee_le=None).update(
            remplacee_le=maintenant
        )
        jeton = urlsafe_b64encode(alea(OCTETS_JETON)).rstrip(b"=").decode()
        invitation = Invitation.objects.create(
            empreinte=empreinte_jeton(jeton),
            personne_id=personne,
            courriel=courriel,
            emise_le=maintenant,
            expire=maintenant + VALIDITE_INVITATION,
        )
        journal.inscrire(
            objet=("invitation", invitation.pk),
            donnees={"personne": str(personne), "expire": invitation.expire.isoformat()},
            personnel={"courriel": courriel},
        )
    return InvitationEmise(invitation.pk, jeton, invitation.expire)


def accepter_invitation(*, jeton: str, mot_de_passe: str, maintenant: datetime) -> Compte:
    """Consomme une invitation et ouvre le compte ; l'auteur est la personne invitée. Une seule fois, même à deux clics.

    Lève `Refus("invitation_inconnue" | "invitation_utilisee" | "invitation_remplacee" | "invitation_expiree")`
    et les refus d'`ouvrir_compte` (l'invitation reste alors bonne).
    """
    connue = Invitation.objects.filter(empreinte=empreinte_jeton(jeton)).first()
    if connue is None:
        raise Refus(
            "invitation_inconnue", "Ce lien n'est pas le bon : copiez l'adresse entière, ou redemandez une invitation."
        )
    auteur = Acteur(connue.personne_id)
    with acte(auteur=auteur, maintenant=maintenant, action=Action.INVITATION_ACCEPTEE, chaine=CHAINE) as journal:
        invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=connue.pk)
        if invitation.utilisee_le is not None:
            raise Refus("invitation_utilisee", "Ce lien a déjà servi : connectez-vous avec votre mot de passe.")
        if invitation.remplacee_le is not None:
            raise Refus(
                "invitation_remplacee", "Ce lien a été remplacé par un plus récent : servez-vous du dernier reçu."
            )
        if invitation.expire <= maintenant:
            raise Refus("invitation_expiree", "Ce lien a expiré : redemandez une invitation à votre gestionnaire.")
        compte = ouvrir_compte(
            personne=invitation.personne_id,
            courriel=invitation.courriel,
            mot_de_passe=mot_de_passe,
            auteur=auteur,
            maintenant=maintenant,
        )
        invitation.utilisee_le = maintenant
        invitation.save(update_fields=["utilisee_le"])
        journal.inscrire(objet=("invitation", invitation.pk), donnees={"compte": str(compte.pk)})
    return compte


def inviter_administrateur(
    *,
    prenom: str,
    nom: str,
    courriel: str,
    maintenant: datetime,
    auteur: Acteur = SYSTEME,
    alea: Callable[[int], bytes] = secrets.token_bytes,
) -> InvitationEmise:
    """Crée un administrateur et son invitation, tout ou rien : la première installation, ou un administrateur qui en nomme un."""
    with acte(auteur=auteur, maintenant=maintenant, action=Action.INVITATION_EMISE) as journal:
        personne = accueillir_personne(
            prenom=prenom,
            nom=nom,
            courriel_pro=courriel,
            nature=NatureRole.ADMINISTRATEUR,
            organisme=None,
            auteur=auteur,
            maintenant=maintenant,
        )
        emise = inviter(personne=personne.pk, courriel=courriel, auteur=auteur, maintenant=maintenant, alea=alea)
        journal.rien_a_inscrire()  # chaque acte du dessous a son entrée
    return emise
