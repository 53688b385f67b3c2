"""Ce qui arrive aux épreuves du récit : l'une s'interrompt, et attend que la gestionnaire décide."""

from __future__ import annotations

from datetime import datetime, time

from parchemin.convocations import services as convocations
from parchemin.convocations.enums import GenreIncident
from parchemin.demonstration.services.scene import Scene

INTERROMPUE = ("elodie.ferreira", "B3", "sabrina.haddad")
MOTIF = "Alarme incendie à la douzième minute : tout le plateau a été évacué, puis fermé pour la journée."
JOURS, HEURE = 2, time(15, 30)


def raconter_incidents(scene: Scene) -> None:
    """Note l'incident, au soir de l'épreuve."""
    scene.chronologie.noter(scene.chronologie.il_y_a(JOURS, HEURE), lambda instant: _interrompre(scene, instant))


def _interrompre(scene: Scene, instant: datetime) -> None:
    candidat, bloc, evaluateur = INTERROMPUE
    convocations.signaler_incident(
        epreuve=scene.epreuves[candidat, bloc],
        genre=GenreIncident.INTERROMPU,
        motif=MOTIF,
        auteur=scene.personnes[evaluateur],
        maintenant=instant,
    )
