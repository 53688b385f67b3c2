"""Une épreuve suspendue, et ce qu'elle devient ; un incident consigné après les sceaux."""

from __future__ import annotations

from django.urls import reverse

from parchemin.comptes.selectors import gestionnaires_de
from parchemin.convocations.enums import SuiteIncident
from parchemin.convocations.evenements import IncidentConsigne, IncidentSignale, IncidentTranche
from parchemin.convocations.selectors import epreuve_par_id
from parchemin.courriels.messages import Geste, Message
from parchemin.portail.abonnements.envois import ecrire
from parchemin.portail.enums import INCIDENT
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.annonces import abonne
from parchemin.socle.horloge import jour_civil


@abonne(IncidentSignale)
def dire_l_incident(evenement: IncidentSignale) -> None:
    """Le gestionnaire, le candidat, les évaluateurs : l'épreuve est suspendue. Ni le genre ni le motif ne s'écrivent.

    Un second incident sur la même suspension ne se redit pas.
    """
    epreuve = epreuve_par_id(SYSTEME, evenement.epreuve)
    if epreuve.etat != "suspendue":
        return
    organisme, certification = epreuve.dossier.organisme, epreuve.dossier.referentiel_code
    gestionnaires = gestionnaires_de(SYSTEME, organisme, certification, jour_civil(evenement.le))
    bloc, depuis = epreuve.bloc[1:], epreuve.depuis.isoformat()
    messages = {
        epreuve.dossier.candidat: _avis(
            f"Votre épreuve du bloc {bloc} est suspendue",
            "Elle n’est ni acquise, ni manquée. Le gestionnaire décide de la suite ; vous n’avez rien à faire.",
            reverse("evaluation:voir", args=[epreuve.id]),
        ),
        **{
            evaluateur.personne: _avis(
                "Une épreuve que vous évaluez est suspendue",
                "Tout ce que vous avez noté est gardé. Le gestionnaire décide de la suite.",
                reverse("evaluation:voir", args=[epreuve.id]),
            )
            for evaluateur in epreuve.evaluateurs
        },
        **{
            gestionnaire: _avis(
                "Une épreuve est suspendue : décidez de la suite",
                "Un incident est signalé. Reprendre, replanifier ou clore : rien ne se scelle avant votre décision.",
                reverse("convocations:suite", args=[epreuve.id]),
            )
            for gestionnaire in gestionnaires
        },
    }
    for personne, message in messages.items():
        ecrire(INCIDENT, f"{epreuve.id}:{depuis}:{personne}", personne, evenement.le, message)


@abonne(IncidentConsigne)
def dire_l_incident_consigne(evenement: IncidentConsigne) -> None:
    """Les gestionnaires du dossier, sauf qui l'a écrit : un incident de plus à porter au jury. Ni genre, ni motif."""
    epreuve = epreuve_par_id(SYSTEME, evenement.epreuve)
    organisme, certification = epreuve.dossier.organisme, epreuve.dossier.referentiel_code
    message = _avis(
        "Un incident est consigné pour le jury",
        "Il fut appris après les deux lectures : elles ne changent pas. Lisez-le avant de préparer le jury.",
        reverse("evaluation:voir", args=[epreuve.id]),
    )
    for gestionnaire in gestionnaires_de(SYSTEME, organisme, certification, jour_civil(evenement.le)):
        if gestionnaire != evenement.auteur:
            ecrire(INCIDENT, f"consigne:{evenement.incident}:{gestionnaire}", gestionnaire, evenement.le, message)


_SUITE_DITE = {
    SuiteIncident.REPRENDRE: ("L’épreuve suspendue reprend", "Elle continue sur la même grille."),
    SuiteIncident.REPLANIFIER: ("L’épreuve suspendue est replanifiée", "La page dit la nouvelle date."),
    SuiteIncident.CLORE: (
        "L’épreuve suspendue est close",
        "Le bloc n’est pas évalué : ni acquis, ni non acquis. Une autre épreuve peut se planifier.",
    ),
}


@abonne(IncidentTranche)
def dire_la_suite(evenement: IncidentTranche) -> None:
    """Le candidat et les évaluateurs : ce que devient l'épreuve suspendue."""
    epreuve = epreuve_par_id(SYSTEME, evenement.epreuve)
    titre, pourquoi = _SUITE_DITE[SuiteIncident(evenement.suite)]
    suivie = evenement.epreuve_suivante or evenement.epreuve
    for personne in (epreuve.dossier.candidat, *(e.personne for e in epreuve.evaluateurs)):
        lisible = suivie if personne == epreuve.dossier.candidat else evenement.epreuve
        avis = _avis(titre, pourquoi, reverse("evaluation:voir", args=[lisible]))
        ecrire(INCIDENT, f"suite:{epreuve.id}:{evenement.le.isoformat()}:{personne}", personne, evenement.le, avis)


def _avis(titre: str, pourquoi: str, chemin: str) -> Message:
    return Message(objet=titre, titre=titre, paragraphes=(pourquoi,), geste=Geste("Voir l’épreuve", chemin))
