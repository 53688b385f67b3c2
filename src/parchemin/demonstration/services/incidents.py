"""Ce qui arrive aux épreuves du récit : l'une s'interrompt, et attend la gestionnaire ; d'une autre, on apprend trop tard une panne."""

from __future__ import annotations

from datetime import datetime, time

from parchemin.convocations import services as convocations
from parchemin.convocations.enums import GenreIncident
from parchemin.demonstration.services.scene import Scene

INTERROMPUE = ("elodie.ferreira", "B3", "sabrina.haddad")
MOTIF = "Alarme incendie à la douzième minute : tout le plateau a été évacué, puis fermé pour la journée."
JOURS, HEURE = 2, time(15, 30)
APPRISE = ("mathilde.le-berre", "B1", "pauline.garcon")
PANNE = (
    "Le support technique l'a écrit depuis : la double écoute a été coupée une minute, pendant le premier entretien."
)
JOURS_APRES, HEURE_APRES = 3, time(11, 0)


def raconter_incidents(scene: Scene) -> None:
    """Note l'incident, au soir de l'épreuve ; et celui que l'on apprend une fois le résultat établi."""
    dates = scene.chronologie
    dates.noter(dates.il_y_a(JOURS, HEURE), lambda instant: _interrompre(scene, instant))
    dates.noter(dates.il_y_a(JOURS_APRES, HEURE_APRES), lambda instant: _consigner(scene, instant))


def _interrompre(scene: Scene, instant: datetime) -> None:
    candidat, bloc, evaluateur = INTERROMPUE
    convocations.signaler_incident(
        epreuve=scene.epreuves[candidat, bloc],
        genre=GenreIncident.INTERROMPU,
        motif=MOTIF,
        auteur=scene.personnes[evaluateur],
        maintenant=instant,
    )


def _consigner(scene: Scene, instant: datetime) -> None:
    candidat, bloc, evaluateur = APPRISE
    convocations.consigner_incident(
        epreuve=scene.epreuves[candidat, bloc],
        genre=GenreIncident.PANNE,
        motif=PANNE,
        auteur=scene.personnes[evaluateur],
        maintenant=instant,
    )
