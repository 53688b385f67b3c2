"""Ce que le certificateur propose aux évaluateurs (questions, panel de courriers), et la façon de noter de l'un d'eux."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from parchemin.demonstration.services.scene import Scene
from parchemin.evaluation.enums import Main
from parchemin.evaluation.services import regler_sa_facon
from parchemin.referentiels.selectors import annexes, version_d_empreinte
from parchemin.referentiels.services import ecrire_les_aides
from parchemin.socle.acteur import SYSTEME

JOURS_AVANT = 200
MOTIF = "Première banque, écrite avec les évaluateurs de la session d'automne."


def raconter_les_aides(scene: Scene) -> None:
    """Note la banque de chaque bloc, puis les phrases d'un évaluateur."""
    ecrites = scene.recit.aides
    debut = scene.aux_heures_de_bureau(JOURS_AVANT)
    for bloc, aides in ecrites.blocs.items():

        def ecrire(instant: datetime, bloc: str = bloc, aides: Mapping[str, Any] = aides) -> None:
            version = version_d_empreinte(SYSTEME, scene.norme)
            ecrire_les_aides(
                version=version,
                bloc=bloc,
                questions=aides["questions"],
                motifs_de_courrier=aides.get("motifs_de_courrier"),
                motif=MOTIF,
                vu=annexes(SYSTEME, version).rang,
                auteur=scene.personnes[ecrites.auteur],
                maintenant=instant,
            )

        scene.chronologie.noter(debut, ecrire)
    for cle, phrases in ecrites.phrases.items():

        def regler(instant: datetime, cle: str = cle, phrases: tuple[str, ...] = phrases) -> None:
            regler_sa_facon(
                phrases=phrases,
                main=Main.DROITE,
                raccourcis=True,
                vu=0,
                auteur=scene.personnes[cle],
                maintenant=instant,
            )

        scene.chronologie.noter(scene.aux_heures_de_bureau(JOURS_AVANT - 1), regler)
