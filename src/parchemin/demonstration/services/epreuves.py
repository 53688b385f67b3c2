"""Les épreuves : planifiées, affectées, lues, closes, accordées."""

from __future__ import annotations

from datetime import datetime, timedelta

from parchemin.convocations import services as convocations
from parchemin.demonstration.selectors.recit import Avancee, DossierEcrit, EpreuveEcrite
from parchemin.demonstration.services.scene import Scene


def raconter_epreuve(scene: Scene, dossier: DossierEcrit, ecrite: EpreuveEcrite) -> None:
    """Note tous les actes d'une épreuve, jusqu'où elle est allée."""
    prevue_le = scene.chronologie.il_y_a(ecrite.prevue, ecrite.heure)
    planifiee_le = scene.aux_heures_de_bureau(ecrite.planifiee)
    scene.chronologie.noter(planifiee_le, lambda instant: _planifier(scene, dossier, ecrite, prevue_le, instant))


def _planifier(
    scene: Scene, dossier: DossierEcrit, ecrite: EpreuveEcrite, prevue_le: datetime, instant: datetime
) -> None:
    gestionnaire = scene.personnes[dossier.gestionnaire]
    epreuve = convocations.planifier_epreuve(
        dossier=scene.dossiers[dossier.candidat],
        bloc=ecrite.bloc,
        prevue_le=prevue_le,
        lieu=ecrite.lieu,
        auteur=gestionnaire,
        maintenant=instant,
    )
    scene.epreuves[dossier.candidat, ecrite.bloc] = epreuve
    if ecrite.jusqu_a >= Avancee.AFFECTEE:
        convocations.affecter_evaluateurs(
            epreuve=epreuve,
            metier=scene.personnes[ecrite.metier].id,
            certificateur=scene.personnes[ecrite.certificateur].id,
            auteur=gestionnaire,
            maintenant=instant + timedelta(minutes=2),
        )
