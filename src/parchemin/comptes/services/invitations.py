"""Inviter à ouvrir un compte, et accepter l'invitation."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.core.cache import cache
from django.urls import reverse

from parchemin.comptes.enums import COURRIEL_D_INVITATION, Action, NatureRole
from parchemin.comptes.models import Compte, Invitation, Personne
from parchemin.comptes.permissions import verifier_peut_inviter
from parchemin.comptes.selectors import droits, empreinte_jeton
from parchemin.comptes.services.acces import ouvrir_compte
from parchemin.comptes.services.commun import CHAINE, droits_de
from parchemin.comptes.services.personnes import accueillir_personne
from parchemin.courriels import services as courriels
from parchemin.courriels.messages import Geste, Message
from parchemin.registre.services import acte
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus
from parchemin.socle.typographie import date_longue

technique = structlog.get_logger("parchemin.acces")

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
        _clore_les_precedentes(personne, auteur=auteur, maintenant=maintenant)
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


def inviter_par_courriel(
    *,
    personne: UUID,
    courriel: str,
    auteur: Acteur,
    maintenant: datetime,
    alea: Callable[[int], bytes] = secrets.token_bytes,
) -> InvitationEmise:
    """Émet l'invitation et dépose le courriel qui la porte, tout ou rien. Recommencer en renvoie une neuve.

    Le lien n'est écrit que dans le corps du courriel, vidé dès qu'il est parti. Mêmes refus qu'`inviter`, et
    `Refus("adresse_invalide")`.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.INVITATION_EMISE, chaine=CHAINE) as journal:
        emise = inviter(personne=personne, courriel=courriel, auteur=auteur, maintenant=maintenant, alea=alea)
        courriels.envoyer(
            cle=_cle_du_courriel(emise.id),
            genre=COURRIEL_D_INVITATION,
            destinataire=personne,
            adresse=courriel.strip().lower(),
            message=_message(Personne.objects.get(pk=personne), emise),
            auteur=auteur,
            maintenant=maintenant,
            secret=True,
        )
        journal.rien_a_inscrire()  # chaque acte du dessous a son entrée
    return emise


def annuler_invitation(*, personne: UUID, auteur: Acteur, maintenant: datetime) -> bool:
    """Rend sans effet l'invitation en cours d'une personne ; son courriel, s'il n'est pas parti, ne part plus.

    Mêmes droits que pour inviter. Faux s'il n'y en avait pas. Lève `Introuvable`, `RefusDroit`.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.INVITATION_ANNULEE, chaine=CHAINE) as journal:
        if Personne.objects.select_for_update(of=("self",)).filter(pk=personne).first() is None:
            raise Introuvable("Cette personne n'existe pas.")
        verifier_peut_inviter(droits_de(auteur, maintenant), droits(Acteur(personne), jour_civil(maintenant)).portees)
        closes = clore_les_invitations(personne, auteur=auteur, maintenant=maintenant)
        journal.rien_a_inscrire()  # l'acte du dessous a son entrée
    return closes


def clore_les_invitations(personne: UUID, *, auteur: Acteur, maintenant: datetime) -> bool:
    """Le même geste, pour le service qui a vérifié son propre droit et tient la fiche. Faux s'il n'y en avait pas."""
    with acte(auteur=auteur, maintenant=maintenant, action=Action.INVITATION_ANNULEE, chaine=CHAINE) as journal:
        closes = _clore_les_precedentes(personne, auteur=auteur, maintenant=maintenant)
        if not closes:
            journal.rien_a_inscrire()
            return False
        journal.inscrire(objet=("invitation", closes[0]), donnees={"personne": str(personne)})
    return True


def _clore_les_precedentes(personne: UUID, *, auteur: Acteur, maintenant: datetime) -> list[UUID]:
    en_cours = Invitation.objects.filter(personne_id=personne, utilisee_le=None, remplacee_le=None)
    closes = list(en_cours.order_by("pk").values_list("pk", flat=True))
    en_cours.update(remplacee_le=maintenant)
    for invitation in closes:
        courriels.annuler(cle=_cle_du_courriel(invitation), auteur=auteur, maintenant=maintenant)
    return closes


def _cle_du_courriel(invitation: UUID) -> str:
    return f"{COURRIEL_D_INVITATION.code}:{invitation}"


def _message(personne: Personne, emise: InvitationEmise) -> Message:
    return Message(
        objet="Votre compte Parchemin",
        titre=f"Bonjour {personne.prenom} {personne.nom}",
        paragraphes=(
            "Vous êtes invité à ouvrir votre compte sur Parchemin, où se suit la certification Conseiller offres de services.",
            "Vous y choisirez votre mot de passe ; cela prend une minute.",
        ),
        geste=Geste("Ouvrir mon compte", reverse("comptes:invitation", args=[emise.jeton])),
        apres=(
            f"Ce lien ne sert qu’une fois, et vaut jusqu’au {date_longue(emise.expire)}. Ne le transférez à personne.",
            "Si vous n’attendiez pas ce message, il n’y a rien à faire.",
        ),
    )


def accepter_invitation(*, jeton: str, mot_de_passe: str, maintenant: datetime) -> Compte:
    """Consomme une invitation et ouvre le compte ; l'auteur est la personne invitée. Une seule fois, même à deux clics.

    Lève `Refus("invitation_inconnue" | "invitation_utilisee" | "invitation_remplacee" | "invitation_expiree")`
    et les refus d'`ouvrir_compte` (l'invitation reste alors bonne). Un lien qui ne vaut plus et qu'on présente à nouveau
    s'inscrit au journal ; un lien inventé, qui ne désigne personne, au journal technique.
    """
    connue = Invitation.objects.filter(empreinte=empreinte_jeton(jeton)).first()
    if connue is None:
        technique.warning("invitation_inconnue")
        raise Refus(
            "invitation_inconnue", "Ce lien n'est pas le bon : copiez l'adresse entière, ou redemandez une invitation."
        )
    auteur = Acteur(connue.personne_id)
    try:
        return _consommer(connue.pk, mot_de_passe, auteur=auteur, maintenant=maintenant)
    except Refus as refus:
        if refus.code in REJETEES:
            technique.warning(refus.code)
            _noter_rejet(connue.pk, refus.code, maintenant)
        raise


REJETEES = frozenset({"invitation_utilisee", "invitation_remplacee", "invitation_expiree"})
TRANCHE_DE_REJET = 300
"""Secondes : la même invitation rejetée ne s'inscrit qu'une fois par tranche."""


def _noter_rejet(invitation: UUID, raison: str, maintenant: datetime) -> None:
    if not cache.add(f"parchemin:rejet:{invitation}:{raison}", 1, TRANCHE_DE_REJET):
        return
    with acte(auteur=SYSTEME, maintenant=maintenant, action=Action.INVITATION_REJETEE, chaine=CHAINE) as journal:
        journal.inscrire(objet=("invitation", invitation), donnees={"raison": raison})


def _consommer(identifiant: UUID, mot_de_passe: str, *, auteur: Acteur, maintenant: datetime) -> Compte:
    with acte(auteur=auteur, maintenant=maintenant, action=Action.INVITATION_ACCEPTEE, chaine=CHAINE) as journal:
        invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=identifiant)
        if invitation.utilisee_le is not None:
            raise Refus("invitation_utilisee", "Ce lien a déjà servi : connectez-vous avec votre mot de passe.")
        if invitation.remplacee_le is not None:
            raise Refus(
                "invitation_remplacee",
                "Ce lien a été remplacé par un plus récent, ou annulé : servez-vous du dernier reçu.",
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
