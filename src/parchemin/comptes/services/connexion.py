"""Changer l'adresse par laquelle on se connecte : on la demande, la nouvelle boîte la confirme, l'ancienne est prévenue."""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import IntegrityError
from django.urls import reverse

from parchemin.comptes.enums import COURRIEL_DE_SECURITE, Action
from parchemin.comptes.models import ChangementDeCourriel, Compte
from parchemin.comptes.selectors import empreinte_jeton
from parchemin.comptes.services.avis import aviser
from parchemin.comptes.services.commun import CHAINE
from parchemin.comptes.services.invitations import OCTETS_JETON
from parchemin.comptes.services.securite import fermer_sessions
from parchemin.courriels import services as courriels
from parchemin.courriels.messages import Geste, Message
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.bases import contrainte_violee
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus
from parchemin.socle.typographie import date_longue, heure

VALIDITE_CHANGEMENT = timedelta(days=1)


def demander_nouveau_courriel(
    *,
    courriel: str,
    auteur: Acteur,
    maintenant: datetime,
    depuis: str = "",
    alea: Callable[[int], bytes] = secrets.token_bytes,
) -> datetime:
    """L'auteur demande à se connecter par une autre adresse ; rend l'instant où le lien envoyé là-bas ne vaudra plus.

    Rien ne change avant la confirmation. L'ancienne adresse est avisée aussitôt (`depuis` : l'adresse réseau). Que la
    nouvelle soit déjà prise ne se dit qu'à qui la lit, à la confirmation. Une demande remplace la précédente.

    Lève `Introuvable` sans compte, `Refus("adresse_inchangee")`, `Refus("adresse_invalide")`.
    """
    courriel = courriel.strip().lower()
    expire = maintenant + VALIDITE_CHANGEMENT
    with acte(auteur=auteur, maintenant=maintenant, action=Action.CONNEXION_A_CHANGER, chaine=CHAINE) as journal:
        compte = _verrouiller(auteur.id)
        if courriel == compte.courriel:
            raise Refus("adresse_inchangee", "C'est déjà l'adresse par laquelle vous vous connectez.")
        _remplacer(compte, auteur=auteur, maintenant=maintenant)
        jeton = urlsafe_b64encode(alea(OCTETS_JETON)).rstrip(b"=").decode()
        demande = ChangementDeCourriel.objects.create(
            empreinte=empreinte_jeton(jeton), compte=compte, courriel=courriel, demande_le=maintenant, expire=expire
        )
        courriels.envoyer(
            cle=_cle(demande.pk),
            genre=COURRIEL_DE_SECURITE,
            destinataire=auteur.id,
            adresse=courriel,
            message=_a_confirmer(jeton, expire),
            secret=True,
            perime_le=expire,
            auteur=auteur,
            maintenant=maintenant,
        )
        aviser(
            avis="comptes/connexion_a_changer",
            personne=auteur.id,
            adresse=compte.courriel,
            depuis=depuis,
            auteur=auteur,
            maintenant=maintenant,
        )
        journal.inscrire(
            objet=("compte", compte.pk), donnees={"expire": expire.isoformat()}, personnel={"courriel": courriel}
        )
    return expire


def annuler_nouveau_courriel(*, auteur: Acteur, maintenant: datetime) -> bool:
    """L'auteur garde son adresse : le lien envoyé ne vaut plus, et ne part plus. Faux s'il n'y avait rien en attente."""
    with acte(auteur=auteur, maintenant=maintenant, action=Action.CONNEXION_GARDEE, chaine=CHAINE) as journal:
        compte = _verrouiller(auteur.id)
        if not _remplacer(compte, auteur=auteur, maintenant=maintenant):
            journal.rien_a_inscrire()
            return False
        journal.inscrire(objet=("compte", compte.pk), donnees={})
    return True


def confirmer_nouveau_courriel(
    *, jeton: str, auteur: Acteur, maintenant: datetime, session: str = "", depuis: str = ""
) -> str:
    """Change l'adresse de connexion de l'auteur, une fois ; rend la nouvelle. Ses autres sessions se ferment.

    `session` : la clé de celle qu'on garde. Le lien d'un autre compte ne vaut rien. L'ancienne adresse est avisée. Lève
    `Refus("changement_inconnu" | "changement_clos" | "changement_expire" | "courriel_deja_pris")`.
    """
    try:
        with acte(auteur=auteur, maintenant=maintenant, action=Action.CONNEXION_CHANGEE, chaine=CHAINE) as journal:
            compte = _verrouiller(auteur.id)
            demande = ChangementDeCourriel.objects.filter(empreinte=empreinte_jeton(jeton), compte=compte).first()
            if demande is None:
                raise Refus("changement_inconnu", "Ce lien n'est pas celui de votre compte : copiez l'adresse entière.")
            if demande.confirme_le or demande.remplace_le:
                raise Refus("changement_clos", "Ce lien a déjà servi, ou un plus récent l'a remplacé.")
            if demande.expire <= maintenant:
                raise Refus("changement_expire", "Ce lien a expiré : redemandez le changement.")
            ancien, compte.courriel = compte.courriel, demande.courriel
            compte.save(update_fields=["courriel"])
            demande.confirme_le = maintenant
            demande.save(update_fields=["confirme_le"])
            EmailAddress.objects.filter(user=compte).delete()  # rien, chez allauth, ne reconnaît plus l'ancienne
            fermer_sessions(compte=compte.pk, sauf=session, auteur=auteur, maintenant=maintenant)
            aviser(
                avis="comptes/connexion_changee",
                personne=auteur.id,
                adresse=ancien,
                depuis=depuis,
                auteur=auteur,
                maintenant=maintenant,
            )
            journal.inscrire(
                objet=("compte", compte.pk), donnees={}, personnel={"avant": ancien, "courriel": compte.courriel}
            )
    except IntegrityError as erreur:
        if contrainte_violee(erreur) != "comptes_compte_courriel_key":
            raise
        raise Refus(
            "courriel_deja_pris", "Un autre compte se connecte déjà par cette adresse : gardez la vôtre, ou une autre."
        ) from erreur
    return compte.courriel


def _verrouiller(personne: UUID) -> Compte:
    compte = Compte.objects.select_for_update(of=("self",)).filter(personne_id=personne).first()
    if compte is None:
        raise Introuvable("Vous n'avez pas de compte.")
    return compte


def _remplacer(compte: Compte, *, auteur: Acteur, maintenant: datetime) -> int:
    en_cours = ChangementDeCourriel.objects.filter(compte=compte, confirme_le=None, remplace_le=None)
    closes = list(en_cours.values_list("pk", flat=True))
    en_cours.update(remplace_le=maintenant)
    for demande in closes:
        courriels.annuler(cle=_cle(demande), auteur=auteur, maintenant=maintenant)
    return len(closes)


def _cle(demande: UUID) -> str:
    return f"{COURRIEL_DE_SECURITE.code}:connexion:{demande}"


def _a_confirmer(jeton: str, expire: datetime) -> Message:
    return Message(
        objet="Confirmez votre nouvelle adresse",
        titre="Confirmez votre nouvelle adresse",
        paragraphes=(
            "Vous avez demandé à vous connecter à Parchemin par cette adresse. Rien ne change tant que vous ne l’avez pas confirmé.",
        ),
        geste=Geste("Confirmer cette adresse", reverse("confirmer_courriel", args=[jeton])),
        apres=(
            f"Ce lien ne sert qu’une fois, et vaut jusqu’au {date_longue(jour_civil(expire))} à {heure(expire)}.",
            "Si vous n’avez rien demandé, il n’y a rien à faire.",
        ),
    )
