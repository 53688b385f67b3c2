"""Ce que la candidate Camille Zoé écrit dans son carnet : une entrée, une autre corrigée, un brouillon."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

from parchemin.carnet import services as carnet
from parchemin.carnet.services import Ecrit
from parchemin.demonstration.services.scene import Scene
from parchemin.socle.horloge import jour_civil

CANDIDATE = "camille.zoe"
ACCUEIL, APPELS, CORRECTION, BROUILLON = (UUID(int=0xCA4E7 + rang) for rang in range(4))
TEXTES = {
    ACCUEIL: (
        ("C1.1", "C1.2"),
        (
            "À l'accueil, une personne venait pour une attestation et repartait sans savoir quand elle l'aurait. J'ai "
            "reformulé sa demande, vérifié ses droits avec elle, et dit le délai."
        ),
    ),
    APPELS: (("C1.5",), "Une matinée au téléphone : onze appels, dont deux transférés au bon service."),
    CORRECTION: (
        ("C1.5", "C3.1"),
        (
            "Une matinée au téléphone : onze appels, dont deux transférés au bon service. À trois personnes, j'ai proposé l'espace en "
            "ligne, et montré où trouver leurs paiements."
        ),
    ),
    BROUILLON: ((), "Mise à jour de vingt dossiers ce matin ; à raconter : le double contrôle."),
}


def raconter_les_entrees(scene: Scene) -> None:
    """Note ces actes."""
    noter, il_y_a = scene.chronologie.noter, scene.chronologie.il_y_a
    noter(il_y_a(94, time(17)), lambda instant: _publier(scene, ACCUEIL, instant))
    noter(il_y_a(52, time(17)), lambda instant: _publier(scene, APPELS, instant))
    noter(il_y_a(45, time(8)), lambda instant: _publier(scene, CORRECTION, instant, _entree_des_appels(scene)))
    noter(il_y_a(1, time(11)), lambda instant: _garder(scene, BROUILLON, instant, None))


def _entree_des_appels(scene: Scene) -> UUID:
    return carnet.publier_entree(
        dossier=scene.dossiers[CANDIDATE],
        brouillon=APPELS,
        relu=True,
        auteur=scene.personnes[CANDIDATE],
        maintenant=scene.chronologie.il_y_a(45, time(8)),
    )


def _garder(scene: Scene, brouillon: UUID, instant: datetime, entree: UUID | None) -> None:
    competences, texte = TEXTES[brouillon]
    carnet.garder_brouillon(
        dossier=scene.dossiers[CANDIDATE],
        brouillon=brouillon,
        ecrit=Ecrit(texte, jour_civil(instant) - timedelta(days=entree is not None), competences),
        auteur=scene.personnes[CANDIDATE],
        maintenant=instant,
        entree=entree,
    )


def _publier(scene: Scene, brouillon: UUID, instant: datetime, entree: UUID | None = None) -> None:
    _garder(scene, brouillon, instant, entree)
    carnet.publier_entree(
        dossier=scene.dossiers[CANDIDATE],
        brouillon=brouillon,
        relu=False,
        auteur=scene.personnes[CANDIDATE],
        maintenant=instant,
    )
