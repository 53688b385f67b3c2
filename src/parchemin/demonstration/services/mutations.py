"""Les mutations du récit : l'une proposée hier, sans réponse encore ; l'autre faite l'an dernier, puis défaite par un retour."""

from __future__ import annotations

from datetime import datetime, time
from uuid import UUID

from parchemin.demonstration.services.scene import Scene
from parchemin.parcours import services as parcours

CANDIDAT, DE_QUI, VERS = "lou.elan", "ines.benhaddou", "aubrac"
PARTI, SES_ACCOMPAGNANTS = "benoit.charpentier", ("gaelle.kervella", "fabrice.da-silva")
ALLER, RETOUR = 425, 345
"""Il y a tant de jours : quelques mois à Baie-Vermeille, qui en garde un dossier parti."""


def raconter_les_mutations(scene: Scene) -> None:
    """Note ces actes."""
    motif = "Lou rejoint le Haut-Aubrac le mois prochain ; son carnet l'y suit."
    scene.chronologie.noter(
        scene.chronologie.il_y_a(1, time(15)),
        lambda instant: _proposer(scene, CANDIDAT, DE_QUI, VERS, motif, instant),
    )
    _passer(
        scene, ALLER, "bertrand.le-goff", "ines.benhaddou", "vermeille", ("aurelien.zeller", "claire.de-la-tour"),
        "Benoît est prêté quelques mois à Baie-Vermeille ; son parcours l'y suit.",
    )  # fmt: skip
    _passer(
        scene, RETOUR, "ines.benhaddou", "bertrand.le-goff", "aubrac", SES_ACCOMPAGNANTS,
        "Le prêt de Benoît prend fin ; il retrouve sa caisse, son tuteur et son manager.",
    )  # fmt: skip


def _passer(
    scene: Scene, jours: int, de_qui: str, a_qui: str, vers: str, accompagnants: tuple[str, str], motif: str
) -> None:
    """Une mutation proposée un jour, accueillie quatre jours après : une fin de semaine ramènerait le lendemain au même jour."""
    proposees: list[UUID] = []
    noter, il_y_a = scene.chronologie.noter, scene.chronologie.il_y_a
    noter(
        il_y_a(jours, time(15)),
        lambda instant: proposees.append(_proposer(scene, PARTI, de_qui, vers, motif, instant)),
    )
    tuteur, manager = accompagnants
    noter(
        il_y_a(jours - 4, time(10)),
        lambda instant: parcours.accueillir(
            mutation=proposees[0],
            tuteur=scene.personnes[tuteur].id,
            manager=scene.personnes[manager].id,
            referent_rh=None,
            auteur=scene.personnes[a_qui],
            maintenant=instant,
        ),
    )


def _proposer(scene: Scene, candidat: str, de_qui: str, vers: str, motif: str, instant: datetime) -> UUID:
    return parcours.proposer_mutation(
        dossier=scene.dossiers[candidat],
        vers=scene.organismes[vers],
        motif=motif,
        auteur=scene.personnes[de_qui],
        maintenant=instant,
    )
