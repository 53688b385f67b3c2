"""Les habilitations du récit : une convention qui finit bientôt, un avenant qu'il reste à déclarer."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import partial
from uuid import UUID

from parchemin.comptes import services as comptes
from parchemin.comptes.enums import Mission, TitreHabilitation
from parchemin.comptes.selectors import une_habilitation
from parchemin.demonstration.services.scene import Scene
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.horloge import jour_civil

DELEGATAIRE, PREPARATEUR = "institut", "vermeille"
TENUE_PAR = "heloise.vasseur"
JOURS_PREPARATEUR, JOURS_AVENANT = 300, 24
"""L'avenant date de vingt-quatre jours : il reste un peu plus d'un mois pour le déclarer."""
TERME = timedelta(days=38)
"""Dans combien de jours finit la convention du délégataire."""


def raconter_conventions(scene: Scene) -> None:
    """Note les deux conventions à leur jour, et leurs déclarations ; puis l'avenant, que personne n'a encore déclaré."""
    noter, il_y_a = scene.chronologie.noter, scene.chronologie.il_y_a
    tenues: dict[str, UUID] = {}
    noter(il_y_a(scene.recit.installation, time(10)), lambda instant: _deleguer(scene, tenues, instant))
    noter(il_y_a(JOURS_PREPARATEUR, time(10)), lambda instant: _faire_preparer(scene, tenues, instant))
    for qui, jours in ((DELEGATAIRE, scene.recit.installation - 20), (PREPARATEUR, JOURS_PREPARATEUR - 15)):
        noter(il_y_a(jours, time(11)), partial(_declarer, scene, tenues, qui))
    noter(il_y_a(JOURS_AVENANT, time(15)), lambda instant: _etendre(scene, tenues, instant))


def _deleguer(scene: Scene, tenues: dict[str, UUID], instant: datetime) -> None:
    jour = jour_civil(instant)
    tenues[DELEGATAIRE] = comptes.donner_habilitation(
        organisme=scene.organismes[DELEGATAIRE],
        certification=scene.arbre.code,
        titre=TitreHabilitation.DELEGATAIRE,
        missions={Mission.EVALUER, Mission.PREPARER},
        blocs=None,
        du=jour,
        dernier_jour=jour_civil(scene.chronologie.maintenant) + TERME,
        convention="Convention d’habilitation n° 1 (démo)",
        signee_le=jour - timedelta(days=6),
        auteur=SYSTEME,
        maintenant=instant,
    )


def _faire_preparer(scene: Scene, tenues: dict[str, UUID], instant: datetime) -> None:
    jour = jour_civil(instant)
    tenues[PREPARATEUR] = comptes.donner_habilitation(
        organisme=scene.organismes[PREPARATEUR],
        certification=scene.arbre.code,
        titre=TitreHabilitation.DELEGATAIRE,
        missions={Mission.PREPARER},
        blocs={"B1", "B2"},
        du=jour,
        dernier_jour=None,
        convention="Convention d’habilitation n° 2 (démo)",
        signee_le=jour - timedelta(days=10),
        auteur=scene.personnes[TENUE_PAR],
        maintenant=instant,
    )


def _declarer(scene: Scene, tenues: dict[str, UUID], qui: str, instant: datetime) -> None:
    jour = jour_civil(instant)
    for changement in une_habilitation(SYSTEME, tenues[qui], jour).changements:
        comptes.declarer_changement(
            ligne=changement.ligne,
            au_terme=changement.au_terme,
            declaree_le=jour,
            auteur=scene.personnes[TENUE_PAR],
            maintenant=instant,
        )


def _etendre(scene: Scene, tenues: dict[str, UUID], instant: datetime) -> None:
    comptes.changer_portee(
        habilitation=tenues[PREPARATEUR],
        missions={Mission.PREPARER},
        blocs={"B1", "B2", "B4"},
        dernier_jour=None,
        effet=jour_civil(instant),
        motif="La caisse prépare aussi le bloc 4.",
        auteur=scene.personnes[TENUE_PAR],
        maintenant=instant,
    )
