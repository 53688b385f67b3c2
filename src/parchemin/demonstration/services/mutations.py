"""Une mutation proposée hier, à laquelle l'autre caisse n'a pas encore répondu."""

from __future__ import annotations

from datetime import time

from parchemin.demonstration.services.scene import Scene
from parchemin.parcours import services as parcours

CANDIDAT, DE_QUI, VERS = "lou.elan", "ines.benhaddou", "aubrac"


def raconter_les_mutations(scene: Scene) -> None:
    """Note cet acte."""
    scene.chronologie.noter(
        scene.chronologie.il_y_a(1, time(15)),
        lambda instant: parcours.proposer_mutation(
            dossier=scene.dossiers[CANDIDAT],
            vers=scene.organismes[VERS],
            motif="Lou rejoint le Haut-Aubrac le mois prochain ; son carnet l'y suit.",
            auteur=scene.personnes[DE_QUI],
            maintenant=instant,
        ),
    )
