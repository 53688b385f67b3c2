"""Ce qui lie les gens du récit : un N+2 que la barrière écarte, et un candidat qui récuse un évaluateur."""

from __future__ import annotations

from datetime import datetime, time

from parchemin.comptes import services as comptes
from parchemin.comptes.enums import GenreDeLien
from parchemin.convocations import services as convocations
from parchemin.demonstration.services.scene import Scene
from parchemin.socle.acteur import SYSTEME

CANDIDATE, MANAGER, N_PLUS_DEUX = "solene.darc", "claire.de-la-tour", "raphael.lefevre"
"""Raphaël évalue d'autres candidats ; il encadre la manager de Solène : il ne l'évaluera pas."""
RECUSATION = ("linh.nguyen", "B4", "yann.quemener", "Nous avons été en désaccord sur un dossier l'an passé.")
JOURS_LIENS, JOURS_RECUSATION = 8, 1


def raconter_independance(scene: Scene) -> None:
    """Note les liens et la récusation, à leur jour."""
    scene.chronologie.noter(scene.chronologie.il_y_a(JOURS_LIENS, time(9)), lambda instant: _lier(scene, instant))
    scene.chronologie.noter(
        scene.chronologie.il_y_a(JOURS_RECUSATION, time(18)), lambda instant: _recuser(scene, instant)
    )


def _lier(scene: Scene, instant: datetime) -> None:
    for agent, responsable in ((CANDIDATE, MANAGER), (MANAGER, N_PLUS_DEUX)):
        comptes.declarer_lien(
            de=scene.personnes[agent].id,
            vers=scene.personnes[responsable].id,
            genre=GenreDeLien.HIERARCHIQUE,
            du=None,
            au=None,
            auteur=SYSTEME,
            maintenant=instant,
        )


def _recuser(scene: Scene, instant: datetime) -> None:
    candidat, bloc, evaluateur, motif = RECUSATION
    convocations.recuser(
        epreuve=scene.epreuves[candidat, bloc],
        evaluateur=scene.personnes[evaluateur].id,
        motif=motif,
        auteur=scene.personnes[candidat],
        maintenant=instant,
    )
