"""Un plan d'épreuves proposé pour Port-Sauveterre : il attend d'être retouché ou adopté."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from parchemin.convocations import services as convocations
from parchemin.demonstration.services.scene import Scene
from parchemin.socle.horloge import jour_civil

ORGANISME, GESTIONNAIRE = "vermeille", "ines.benhaddou"
D_ICI, DUREE = timedelta(weeks=4), timedelta(days=25)


def raconter_un_plan(scene: Scene) -> None:
    """Note ces actes : le plan demandé hier, proposé dans la minute."""
    scene.chronologie.noter(scene.chronologie.il_y_a(1, time(16, 30)), lambda instant: _preparer(scene, instant))


def _preparer(scene: Scene, instant: datetime) -> None:
    """Sans le solveur : la cohorte se compose vite, et pareille partout."""
    jour = jour_civil(instant) + D_ICI
    lundi = jour + timedelta(days=-jour.weekday() % 7)
    plan = convocations.demander_plan(
        organisme=scene.organismes[ORGANISME],
        du=lundi,
        au=lundi + DUREE,
        auteur=scene.personnes[GESTIONNAIRE],
        maintenant=instant,
        secondes=0,
    )
    convocations.calculer_plan(plan=plan, maintenant=instant + timedelta(seconds=20))
