"""Rattacher à un compte la personne que désigne un fournisseur d'identité."""

from __future__ import annotations

from datetime import datetime

from parchemin.comptes.enums import Action
from parchemin.comptes.models import Compte, Invitation
from parchemin.comptes.services.acces import ouvrir_compte
from parchemin.comptes.services.commun import CHAINE
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import Refus


def rattacher_identite(*, fournisseur: str, courriel: str, verifie: bool, maintenant: datetime) -> Compte:
    """Le compte que porte ce courriel, ou celui qu'ouvre son invitation en cours (sans mot de passe) ; inscrit le lien.

    Ne crée ni personne ni rôle. Lève `Refus("courriel_non_verifie")`, `Refus("identite_inconnue")`, `Refus("compte_desactive")`.
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
    invitation = None
    if connu is None:
        invitation = (
            Invitation.objects.filter(courriel=courriel, utilisee_le=None, remplacee_le=None, expire__gt=maintenant)
            .order_by("-emise_le", "pk")
            .first()
        )
        if invitation is None:
            raise Refus(
                "identite_inconnue",
                "Aucun compte ne porte cette adresse. Demandez une invitation à la personne qui gère votre dossier.",
            )
    auteur = Acteur(connu.personne_id if connu else invitation.personne_id)  # type: ignore[union-attr]  # l'un des deux
    with acte(auteur=auteur, maintenant=maintenant, action=Action.IDENTITE_LIEE, chaine=CHAINE) as journal:
        compte = connu or ouvrir_compte(
            personne=auteur.id, courriel=courriel, mot_de_passe=None, auteur=auteur, maintenant=maintenant
        )
        if invitation is not None:
            Invitation.objects.filter(pk=invitation.pk).update(utilisee_le=maintenant)
        journal.inscrire(
            objet=("compte", compte.pk),
            donnees={"fournisseur": fournisseur, "invitation": str(invitation.pk) if invitation else None},
        )
    return compte
