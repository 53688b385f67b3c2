"""Le résultat établi, le second regard confié."""

from __future__ import annotations

from django.urls import reverse

from parchemin.courriels.messages import Geste, Ligne, Message
from parchemin.evaluation.evenements import SecondRegardDesigne
from parchemin.evaluation.selectors import second_regard
from parchemin.parcours.evenements import DossierPasse
from parchemin.parcours.selectors import dossiers_par_ids
from parchemin.portail.abonnements.envois import ecrire, prevenir
from parchemin.portail.enums import RESULTAT, SECOND_REGARD
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.annonces import abonne
from parchemin.socle.typographie import date_longue

RESULTAT_CONNU = ("second_regard", "evalue")
"""Tous les blocs ont leur résultat ; un second regard peut encore être attendu."""


@abonne(DossierPasse)
def dire_le_resultat(evenement: DossierPasse) -> None:
    """Le candidat : son résultat est établi. Le courriel ne dit pas lequel."""
    vue = dossiers_par_ids(SYSTEME, [evenement.dossier]).get(evenement.dossier)
    if vue is None or evenement.etat not in RESULTAT_CONNU or vue.etat not in RESULTAT_CONNU:
        return
    prevenir(
        cle=f"{RESULTAT.code}:{vue.id}",
        genre=RESULTAT,
        destinataire=vue.candidat,
        du=vue.depuis,
        nouvelle=Ligne(
            "Votre résultat est établi",
            "Il est expliqué critère par critère. Le jury décidera ensuite.",
            chemin=reverse("evaluation:resultat", args=[vue.id]),
        ),
    )


@abonne(SecondRegardDesigne)
def dire_le_second_regard(evenement: SecondRegardDesigne) -> None:
    """La personne choisie : ce qu'on lui confie, et jusqu'à quand ; et à qui ne l'est plus, qu'il n'a plus à lire."""
    vue = second_regard(SYSTEME, evenement.epreuve)
    if vue is None:
        return
    dossier = dossiers_par_ids(SYSTEME, [evenement.dossier])[evenement.dossier]
    jour = f"d’ici au {date_longue(vue.echeance)}" if vue.echeance else "dès que possible"
    quoi = f"{evenement.epreuve}:{{}}:{evenement.le.isoformat()}"
    if vue.etat == "designe" and vue.personne == evenement.personne:
        confie = Message(
            objet="Un second regard vous est confié",
            titre=f"Un second regard vous est confié : {dossier.candidat_nom}, bloc {vue.bloc[1:]}",
            paragraphes=(
                f"Deux lectures scellées et leur résultat sont à relire ; votre avis motivé est attendu {jour}.",
                "Un empêchement, ou un lien avec le candidat ? La page vous permet de le dire aussitôt.",
            ),
            geste=Geste("Lire", reverse("evaluation:second_regard", args=[evenement.epreuve])),
        )
        ecrire(SECOND_REGARD, quoi.format(evenement.personne), evenement.personne, evenement.le, confie)
    if evenement.precedent is not None and vue.personne != evenement.precedent:
        retire = Message(
            objet="Un second regard ne vous est plus confié",
            titre="Vous n’avez plus ce second regard à rendre",
            paragraphes=("Une autre personne le rendra à votre place. Vous n’avez rien à faire.",),
        )
        ecrire(SECOND_REGARD, quoi.format(evenement.precedent), evenement.precedent, evenement.le, retire)
