"""Rattacher à un compte la personne que désigne un fournisseur d'identité, ou l'en ôter."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from parchemin.comptes.enums import Action
from parchemin.comptes.models import Compte, IdentiteRefusee, Invitation
from parchemin.comptes.services.acces import ouvrir_compte
from parchemin.comptes.services.avis import aviser
from parchemin.comptes.services.commun import CHAINE
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import Introuvable, Refus


def rattacher_identite(*, fournisseur: str, courriel: str, verifie: bool, maintenant: datetime) -> Compte:
    """Le compte que porte ce courriel, ou celui qu'ouvre son invitation en cours (sans mot de passe) ; inscrit le lien.

    Ne crée ni personne ni rôle. Lève `Refus("courriel_non_verifie")`, `Refus("identite_inconnue")`, `Refus("compte_desactive")`,
    `Refus("identite_refusee")` si la personne a ôté ce fournisseur.
    """
    courriel = courriel.strip().lower()
    if not courriel or not verifie:
        raise Refus(
            "courriel_non_verifie",
            "Votre fournisseur d'identité ne confirme pas votre adresse : entrez avec votre mot de passe.",
        )
    connu = Compte.objects.filter(courriel=courriel).first()
    if connu is not None and not connu.is_active:
        raise Refus("compte_desactive", "Ce compte est désactivé. Écrivez à la personne qui gère votre dossier.")
    if connu is not None and IdentiteRefusee.objects.filter(compte=connu, fournisseur=fournisseur).exists():
        raise Refus(
            "identite_refusee",
            "Vous avez ôté ce fournisseur de votre compte : entrez autrement, puis admettez-le dans « Connexion et sécurité ».",
        )
    invitation = None
    if connu is None:
        invitation = (
            Invitation.objects.filter(courriel=courriel, utilisee_le=None, remplacee_le=None, expire__gt=maintenant)
            .order_by("-emise_le", "pk")
            .first()
        )
        if invitation is None:
            raise _identite_inconnue()
    auteur = Acteur(connu.personne_id if connu else invitation.personne_id)  # type: ignore[union-attr]  # l'un des deux
    with acte(auteur=auteur, maintenant=maintenant, action=Action.IDENTITE_LIEE, chaine=CHAINE) as journal:
        if invitation is not None:
            _prendre(invitation, maintenant)
        compte = connu or ouvrir_compte(
            personne=auteur.id, courriel=courriel, mot_de_passe=None, auteur=auteur, maintenant=maintenant
        )
        journal.inscrire(
            objet=("compte", compte.pk),
            donnees={"fournisseur": fournisseur, "invitation": str(invitation.pk) if invitation else None},
        )
    return compte


def _prendre(invitation: Invitation, maintenant: datetime) -> None:
    """Consomme l'invitation, relue sous verrou : annulée, remplacée ou prise entre-temps, elle n'ouvre plus rien."""
    bonnes = Invitation.objects.filter(utilisee_le=None, remplacee_le=None, expire__gt=maintenant)
    relue = bonnes.select_for_update(of=("self",)).filter(pk=invitation.pk).first()
    if relue is None:
        raise _identite_inconnue()
    relue.utilisee_le = maintenant
    relue.save(update_fields=["utilisee_le"])


def _identite_inconnue() -> Refus:
    return Refus(
        "identite_inconnue",
        "Aucun compte ne porte cette adresse. Demandez une invitation à la personne qui gère votre dossier.",
    )


def delier_identite(*, fournisseur: str, auteur: Acteur, maintenant: datetime, depuis: str = "") -> None:
    """L'auteur ôte un fournisseur de son compte : il ne l'ouvre plus, même s'il donne le même courriel.

    Jamais le dernier moyen d'entrer. Avisé par courriel. Lève `Introuvable`, `Refus("dernier_moyen_d_entrer")`.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.IDENTITE_DELIEE, chaine=CHAINE) as journal:
        compte = Compte.objects.select_for_update(of=("self",)).filter(personne_id=auteur.id).first()
        liees = SocialAccount.objects.filter(user=compte, provider=fournisseur)
        if compte is None or not liees.exists():
            raise Introuvable("Ce fournisseur n'est pas lié à votre compte.")
        if not _entre_autrement(compte, fournisseur):
            raise Refus(
                "dernier_moyen_d_entrer",
                "C'est votre seul moyen d'entrer : choisissez d'abord un mot de passe, ou ajoutez une clé d'accès.",
            )
        liees.delete()
        IdentiteRefusee.objects.create(compte=compte, fournisseur=fournisseur, depuis=maintenant)
        aviser(
            avis="comptes/identite_deliee",
            personne=auteur.id,
            adresse=compte.courriel,
            depuis=depuis,
            auteur=auteur,
            maintenant=maintenant,
        )
        journal.inscrire(objet=("compte", compte.pk), donnees={"fournisseur": fournisseur})


def permettre_identite(*, fournisseur: str, auteur: Acteur, maintenant: datetime) -> None:
    """L'auteur admet de nouveau un fournisseur qu'il avait ôté ; il se liera à sa prochaine entrée. Lève `Introuvable`."""
    with acte(auteur=auteur, maintenant=maintenant, action=Action.IDENTITE_PERMISE, chaine=CHAINE) as journal:
        refusee = (
            IdentiteRefusee.objects.select_for_update(of=("self",))
            .filter(compte__personne_id=auteur.id, fournisseur=fournisseur)
            .first()
        )
        if refusee is None:
            raise Introuvable("Ce fournisseur n'était pas ôté.")
        journal.inscrire(objet=("compte", refusee.compte_id), donnees={"fournisseur": fournisseur})
        refusee.delete()


def _entre_autrement(compte: Compte, fournisseur: str) -> bool:
    """Vrai s'il reste un mot de passe, une clé d'accès qui suffit à elle seule, ou un autre fournisseur."""
    if compte.has_usable_password():
        return True
    cles = Authenticator.objects.filter(user=compte, type=Authenticator.Type.WEBAUTHN).order_by("pk")
    if any(cle.wrap().is_passwordless for cle in cles):
        return True
    return bool(SocialAccount.objects.filter(user=compte).exclude(provider=fournisseur).exists())
