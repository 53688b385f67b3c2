"""Les convocations de la cohorte : acceptées, refusée avec quelqu'un à proposer, sans réponse, retirée."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from uuid import UUID

from parchemin.convocations import services as convocations
from parchemin.convocations.enums import Convoque
from parchemin.convocations.selectors import convocation_de, epreuve_par_id, places, remplacants_possibles
from parchemin.demonstration.services.scene import Scene
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.horloge import jour_civil

ACCEPTEES = ("linh.nguyen", "B2")
REFUSEE = ("margaux.oeuvrard", "B2")
SANS_REPONSE = ("mathilde.le-berre", "B2")
RETIREE = ("loic.gueguen", "B4")
RELEVE = ("raphael.lefevre", "xavier.lhostis")
"""Les deux évaluateurs de l'épreuve où l'un a été relevé après sa convocation : celui qu'il remplace n'est plus attendu."""
AUJOURD_HUI = ("linh.nguyen", "B1")
MOTIF_REFUS = "Je suis de permanence ce jour-là : mon service n'a trouvé personne pour me remplacer."
MOTIF_TARDIF = "Le premier évaluateur a été appelé ailleurs ; son remplaçant a donné son accord de vive voix."
MATIN, SOIR = time(10, 15), time(18, 30)
"""On convoque le soir du jour où l'épreuve est planifiée : une fin de semaine qui glisse ne renverse pas l'ordre."""


def raconter_convocations(scene: Scene) -> None:
    """Note les convocations, ce que chacun répond, et l'évaluateur relevé."""
    dates = scene.chronologie

    def noter(jours: int, acte: Callable[[datetime], object], heure: time = MATIN) -> None:
        dates.noter(dates.il_y_a(jours, heure), acte)

    noter(27, lambda instant: _convoquer(scene, AUJOURD_HUI, instant), SOIR)
    noter(24, lambda instant: _accepter(scene, AUJOURD_HUI, instant))
    noter(20, lambda instant: _convoquer(scene, ACCEPTEES, instant), SOIR)
    noter(16, lambda instant: _accepter(scene, ACCEPTEES, instant), SOIR)
    noter(18, lambda instant: _convoquer(scene, REFUSEE, instant), SOIR)
    noter(3, lambda instant: _refuser(scene, instant))
    noter(21, lambda instant: _convoquer(scene, SANS_REPONSE, instant), SOIR)
    noter(19, lambda instant: _convoquer(scene, RETIREE, instant), SOIR)
    noter(9, lambda instant: _relever(scene, instant))
    noter(9, lambda instant: _convoquer(scene, RETIREE, instant, MOTIF_TARDIF), time(11, 40))


def _convoquer(scene: Scene, cle: tuple[str, str], instant: datetime, derogation: str = "") -> None:
    convocations.convoquer(
        epreuve=scene.epreuves[cle], derogation=derogation, auteur=_gestionnaire(scene, cle), maintenant=instant
    )


def _accepter(scene: Scene, cle: tuple[str, str], instant: datetime) -> None:
    for une in places(SYSTEME, epreuve_par_id(SYSTEME, scene.epreuves[cle])):
        _repondre(scene.epreuves[cle], Acteur(une.personne), instant)


def _refuser(scene: Scene, instant: datetime) -> None:
    epreuve = epreuve_par_id(SYSTEME, scene.epreuves[REFUSEE])
    for une in places(SYSTEME, epreuve):
        if une.place is Convoque.METIER:
            offerts = remplacants_possibles(Acteur(une.personne), epreuve, une.place, jour_civil(instant))
            propose = next(iter(offerts), None)
            _repondre(epreuve.id, Acteur(une.personne), instant, motif=MOTIF_REFUS, remplacant=propose)
        elif une.place is not Convoque.MANAGER:
            _repondre(epreuve.id, Acteur(une.personne), instant)


def _relever(scene: Scene, instant: datetime) -> None:
    metier, certificateur = RELEVE
    convocations.affecter_evaluateurs(
        epreuve=scene.epreuves[RETIREE],
        metier=scene.personnes[metier].id,
        certificateur=scene.personnes[certificateur].id,
        malgre=True,
        auteur=_gestionnaire(scene, RETIREE),
        maintenant=instant,
    )


def _repondre(
    epreuve: UUID, auteur: Acteur, instant: datetime, motif: str = "", remplacant: UUID | None = None
) -> None:
    vue = convocation_de(auteur, epreuve)
    if vue is None:
        raise LookupError(f"{auteur.id} n'est pas convoqué à {epreuve}")
    convocations.repondre(
        convocation=vue.id,
        accepte=not motif,
        motif=motif,
        remplacant=remplacant,
        auteur=auteur,
        maintenant=instant,
    )


def _gestionnaire(scene: Scene, cle: tuple[str, str]) -> Acteur:
    ecrit = next(dossier for dossier in scene.recit.dossiers if dossier.candidat == cle[0])
    return scene.personnes[ecrit.gestionnaire]
