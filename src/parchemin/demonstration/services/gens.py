"""Les organismes, les personnes, leurs rôles et leurs comptes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from parchemin.comptes import services as comptes
from parchemin.demonstration.selectors.comptes import secret_totp
from parchemin.demonstration.selectors.recit import PersonneEcrite, Recit
from parchemin.socle.acteur import SYSTEME, Acteur


def creer_organismes(recit: Recit, maintenant: datetime) -> dict[str, UUID]:
    """Crée les organismes, chacun sous celui dont il dépend ; rend leurs identifiants, par clé du récit."""
    crees: dict[str, UUID] = {}
    for cle, ecrit in recit.organismes.items():
        crees[cle] = comptes.creer_organisme(
            nom=ecrit.nom,
            nom_court=ecrit.nom_court,
            branche=ecrit.branche,
            adresse=ecrit.adresse,
            parent=crees[ecrit.parent] if ecrit.parent else None,
            auteur=SYSTEME,
            maintenant=maintenant,
        ).pk
    return crees


def accueillir(
    ecrite: PersonneEcrite, *, mot_de_passe: str, organismes: Mapping[str, UUID], maintenant: datetime
) -> Acteur:
    """Crée une personne, son rôle, son compte, et son second facteur si son rôle l'exige."""
    personne = comptes.accueillir_personne(
        prenom=ecrite.prenom,
        nom=ecrite.nom,
        nature=ecrite.role,
        organisme=None if ecrite.partout else organismes[ecrite.organisme],
        courriel_pro=ecrite.courriel,
        auteur=SYSTEME,
        maintenant=maintenant,
    )
    comptes.ouvrir_compte(
        personne=personne.pk,
        courriel=ecrite.courriel,
        mot_de_passe=mot_de_passe,
        auteur=SYSTEME,
        maintenant=maintenant,
    )
    if secret := secret_totp(ecrite.courriel, ecrite.role):
        comptes.installer_code_temporel(personne=personne.pk, secret=secret, auteur=SYSTEME, maintenant=maintenant)
    return Acteur(personne.pk)
