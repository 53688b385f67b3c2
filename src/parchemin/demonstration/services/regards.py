"""Un regard venu d'ailleurs : la gestionnaire nationale ouvre un carnet dont elle n'est pas de l'équipe."""

from __future__ import annotations

from datetime import datetime, time

from parchemin.demonstration.services.scene import Scene
from parchemin.parcours.selectors import dossiers_par_ids, regard
from parchemin.registre.enums import PageConsultee
from parchemin.registre.services import consigner_consultation
from parchemin.socle.acteur import SYSTEME

QUI, CHEZ = "heloise.vasseur", "solene.darc"


def raconter_regard(scene: Scene) -> None:
    """Note ce regard, l'avant-veille : une auditrice le trouve au journal."""

    def regarder(instant: datetime) -> None:
        identifiant = scene.dossiers[CHEZ]
        vue = dossiers_par_ids(SYSTEME, [identifiant])[identifiant]
        consigner_consultation(
            regard=regard(vue, PageConsultee.CARNET), auteur=scene.personnes[QUI], maintenant=instant
        )

    scene.chronologie.noter(scene.chronologie.il_y_a(2, time(16, 12)), regarder)
