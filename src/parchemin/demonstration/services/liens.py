"""L'attestation sans compte : une demande dont le lien court encore, et une attestation répudiée qui gèle un carnet."""

from __future__ import annotations

from datetime import datetime, time

from parchemin.carnet import services as carnet
from parchemin.carnet.enums import Verdict
from parchemin.carnet.selectors import dernier_avis
from parchemin.carnet.services import Dire
from parchemin.demonstration.services.scene import Scene
from parchemin.parcours.enums import Qualite

CANDIDATE, MANAGER = "camille.zoe", "fabrice.da-silva"
DEMANDEES = ("C1.4", "C3.3", "C4.2")
REPUDIEE = "C1.6"
MOTIF = "J'étais en congé ce jour-là ; je n'ai rien attesté."


def raconter_les_liens(scene: Scene) -> None:
    """Note ces actes : une attestation, sa répudiation le surlendemain, puis la demande d'hier."""
    noter, il_y_a = scene.chronologie.noter, scene.chronologie.il_y_a
    noter(il_y_a(6, time(14)), lambda instant: _attester(scene, instant))
    noter(il_y_a(4, time(9)), lambda instant: _repudier(scene, instant))
    noter(il_y_a(1, time(16)), lambda instant: _demander(scene, instant))


def _attester(scene: Scene, instant: datetime) -> None:
    carnet.attester(
        dossier=scene.dossiers[CANDIDATE],
        qualite=Qualite.MANAGER,
        dires={REPUDIEE: Dire(Verdict.MAITRISEE)},
        auteur=scene.personnes[MANAGER],
        maintenant=instant,
    )


def _repudier(scene: Scene, instant: datetime) -> None:
    avis = dernier_avis(scene.personnes[MANAGER], scene.dossiers[CANDIDATE])
    if avis is not None:
        carnet.repudier_avis(avis=avis, motif=MOTIF, maintenant=instant)


def _demander(scene: Scene, instant: datetime) -> None:
    carnet.demander_attestations(
        dossier=scene.dossiers[CANDIDATE],
        qualites=tuple(Qualite),
        competences=DEMANDEES,
        auteur=scene.personnes[CANDIDATE],
        maintenant=instant,
    )
