"""L'administrateur : les organismes que personne ne gère, les invitations restées sans suite, les courriels qui ne partent pas."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.urls import reverse

from parchemin.comptes import selectors as comptes
from parchemin.courriels import selectors as courriels
from parchemin.portail.presenters.accueil.arrivee import Arrivee
from parchemin.socle.composants import Action, AFaire, LigneAFaire
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import anciennete, de

AU_PLUS = 10
ECHECS_RECENTS = timedelta(days=14)


def a_faire(arrivee: Arrivee) -> Iterable[AFaire]:
    """Ce qui empêche quelqu'un d'entrer ou d'être prévenu."""
    acteur, jour = arrivee.acteur, arrivee.jour
    for organisme in comptes.organismes_sans_gestionnaire(acteur, jour, AU_PLUS):
        ligne = LigneAFaire(
            quand="dès que possible",
            titre=f"Nommer un gestionnaire pour {organisme.nom}",
            pourquoi="Des candidats y sont attendus ou inscrits, et personne ne tient leurs dossiers.",
            action=Action("Choisir une personne", reverse("comptes:personnes")),
        )
        yield AFaire(jour, ligne)
    for invitation in comptes.invitations_sans_suite(acteur, arrivee.maintenant, AU_PLUS):
        expiree = jour_civil(invitation.expire)
        ligne = LigneAFaire(
            quand=anciennete(expiree, jour),
            titre=f"Inviter de nouveau {invitation.nom}",
            pourquoi="Son invitation a expiré sans servir : son compte n’est pas ouvert.",
            action=Action("Ouvrir sa fiche", reverse("comptes:personne", args=[invitation.personne])),
        )
        yield AFaire(expiree, ligne)
    echecs = courriels.echecs(acteur, arrivee.maintenant - ECHECS_RECENTS, AU_PLUS)
    manques = [(echec.destinataire, echec) for echec in echecs if echec.destinataire is not None]
    noms = comptes.noms(acteur, [personne for personne, _ in manques]) if manques else {}
    for personne, echec in manques:
        le = jour_civil(echec.clos_le or echec.depose_le)
        ligne = LigneAFaire(
            quand=anciennete(le, jour),
            titre=f"Vérifier l’adresse {de(noms.get(personne, 'cette personne'))}",
            pourquoi=f"Un courriel n’a pas pu lui parvenir ({echec.derniere_erreur or 'sans raison donnée'}).",
            action=Action("Ouvrir sa fiche", reverse("comptes:personne", args=[personne])),
        )
        yield AFaire(le, ligne)
