"""Les organismes, les personnes, leurs rôles et leurs comptes : tout date du jour de l'installation."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from parchemin.comptes import services as comptes
from parchemin.demonstration.selectors.recit import Recit
from parchemin.socle.acteur import SYSTEME, Acteur


def accueillir(recit: Recit, maintenant: datetime) -> tuple[dict[str, UUID], dict[str, Acteur]]:
    """Crée organismes et personnes ; rend l'identifiant des uns et l'acteur de chaque autre, par clé du récit."""
    organismes = {
        cle: comptes.creer_organisme(
            nom=ecrit.nom,
            nom_court=ecrit.nom_court,
            branche=ecrit.branche,
            adresse=ecrit.adresse,
            auteur=SYSTEME,
            maintenant=maintenant,
        ).pk
        for cle, ecrit in recit.organismes.items()
    }
    personnes = {}
    for cle, ecrite in recit.personnes.items():
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
            mot_de_passe=recit.mot_de_passe,
            auteur=SYSTEME,
            maintenant=maintenant,
        )
        personnes[cle] = Acteur(personne.pk)
    return organismes, personnes
