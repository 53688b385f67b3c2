"""Ouvrir et fermer les comptes de connexion."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from parchemin.comptes.enums import Action
from parchemin.comptes.models import Compte
from parchemin.comptes.services.commun import CHAINE, droits_de
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.bases import contrainte_violee
from parchemin.socle.refus import Introuvable, Refus, RefusDroit


def ouvrir_compte(
    *, personne: UUID, courriel: str, mot_de_passe: str | None, auteur: Acteur, maintenant: datetime
) -> Compte:
    """Ouvre le compte d'une personne. Réservé à elle-même, à un administrateur et au système.

    Sans mot de passe (`None`), on n'y entre que par un fournisseur d'identité.

    Lève `RefusDroit("compte_reserve")`, `Refus("mot_de_passe_faible")` (une raison par ligne dans `details`),
    `Refus("compte_deja_ouvert")`, `Refus("courriel_deja_pris")`.
    """
    if auteur.id != personne and not droits_de(auteur, maintenant).est_administrateur:
        raise RefusDroit("compte_reserve", "Chacun ouvre son propre compte, par son invitation.")
    courriel = courriel.strip().lower()
    compte = Compte(personne_id=personne, courriel=courriel, ouvert_le=maintenant)
    if mot_de_passe is None:
        compte.set_unusable_password()
    else:
        try:
            validate_password(mot_de_passe, compte)
        except ValidationError as erreur:
            raise Refus(
                "mot_de_passe_faible", "Ce mot de passe est trop facile à deviner.", details=erreur.messages
            ) from erreur
        compte.set_password(mot_de_passe)
    try:
        with acte(auteur=auteur, maintenant=maintenant, action=Action.COMPTE_OUVERT, chaine=CHAINE) as journal:
            compte.save(force_insert=True)
            journal.inscrire(
                objet=("compte", compte.pk), donnees={"personne": str(personne)}, personnel={"courriel": courriel}
            )
    except IntegrityError as erreur:
        refus = {
            "comptes_compte_personne_id_key": Refus(
                "compte_deja_ouvert",
                "Cette personne a déjà un compte. Connectez-vous, ou demandez un nouveau mot de passe.",
            ),
            "comptes_compte_courriel_key": Refus("courriel_deja_pris", "Un compte utilise déjà ce courriel."),
        }.get(contrainte_violee(erreur))
        if refus is None:
            raise
        raise refus from erreur
    return compte


def desactiver_compte(*, personne: UUID, auteur: Acteur, maintenant: datetime) -> None:
    """Ferme le compte d'une personne : ses sessions n'ouvrent plus rien dès la requête suivante.

    Lève `RefusDroit("compte_reserve")` hors d'un administrateur, `Introuvable` sans compte. Deux fois : sans effet.
    """
    if not droits_de(auteur, maintenant).est_administrateur:
        raise RefusDroit("compte_reserve", "Seul un administrateur désactive un compte.")
    with acte(auteur=auteur, maintenant=maintenant, action=Action.COMPTE_DESACTIVE, chaine=CHAINE) as journal:
        compte = Compte.objects.select_for_update(of=("self",)).filter(personne_id=personne).first()
        if compte is None:
            raise Introuvable("Cette personne n'a pas de compte.")
        if not compte.is_active:
            journal.rien_a_inscrire()
            return
        compte.is_active = False
        compte.save(update_fields=["is_active"])
        journal.inscrire(objet=("compte", compte.pk), donnees={"personne": str(personne)})
