"""Les épreuves : planifiées, affectées, lues par deux évaluateurs, closes, accordées."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import partial
from uuid import UUID, uuid5

from parchemin.convocations import services as convocations
from parchemin.convocations.enums import GenreDeclare
from parchemin.demonstration.selectors.recit import (
    AccordEcrit,
    Avancee,
    DossierEcrit,
    EpreuveEcrite,
    LectureEcrite,
    RegardEcrit,
)
from parchemin.demonstration.services.gestes import Geste, gestes
from parchemin.demonstration.services.scene import Scene
from parchemin.evaluation import services as evaluation
from parchemin.evaluation.enums import EtatReponse, Position, SensAvis
from parchemin.socle.acteur import Acteur

QUALITES = ("metier", "certificateur")
ESPACE = UUID("9d1f3c1e-5a0b-4c8e-9f57-2f0a6b1f2026")
"""D'où se tirent les identifiants des appareils et des gestes : les mêmes à chaque composition."""
SCELLEMENT = timedelta(hours=1, minutes=30)
ECART_ENTRE_LECTURES = timedelta(minutes=35)
ACCORD = timedelta(hours=3)
FIN_DE_JOURNEE = time(18)
HEURE_DU_REGARD = time(16, 20)


class RecitImpossible(RuntimeError):
    """Le récit demande ce que la plateforme refuse : c'est une faute du récit."""


def raconter_epreuve(scene: Scene, dossier: DossierEcrit, ecrite: EpreuveEcrite) -> None:
    """Note tous les actes d'une épreuve, jusqu'où elle est allée."""
    noter = scene.chronologie.noter
    prevue_le = scene.chronologie.il_y_a(ecrite.prevue, ecrite.heure)
    planifiee_le = scene.aux_heures_de_bureau(ecrite.planifiee)
    noter(planifiee_le, partial(_planifier, scene, dossier, ecrite, prevue_le))
    if ecrite.jusqu_a >= Avancee.AFFECTEE:  # un acte à part : d'autres peuvent tomber entre les deux
        noter(planifiee_le + timedelta(minutes=2), partial(_affecter, scene, dossier, ecrite))
    acte = _Acte(scene, dossier, ecrite, prevue_le)
    scellees = {Avancee.UNE_LECTURE: QUALITES[:1]}.get(ecrite.jusqu_a, QUALITES)
    if ecrite.jusqu_a >= Avancee.AFFECTEE:  # l'un signe d'avance, l'autre en ouvrant sa grille
        noter(scene.chronologie.il_y_a(ecrite.planifiee, FIN_DE_JOURNEE), acte.declarer(QUALITES[0]))
    for rang, qualite in enumerate(QUALITES):
        lecture = ecrite.lectures.get(qualite)
        if lecture is not None and ecrite.jusqu_a >= Avancee.EN_COURS:
            noter(prevue_le + timedelta(minutes=50 + rang), acte.lire(qualite, lecture))
        if ecrite.jusqu_a >= Avancee.UNE_LECTURE and qualite in scellees:
            noter(prevue_le + SCELLEMENT + rang * ECART_ENTRE_LECTURES, acte.clore(qualite))
    if ecrite.jusqu_a >= Avancee.ACCORDEE:
        for rang, (critere, accord) in enumerate(ecrite.accord.items()):
            for tour, qualite in enumerate(_celui_qui_propose_d_abord(accord)):
                minutes = timedelta(minutes=10 * rang + 4 * tour)
                noter(prevue_le + ACCORD + minutes, acte.se_prononcer(qualite, critere, accord))
        if not ecrite.accord:
            for rang, qualite in enumerate(QUALITES):
                noter(prevue_le + ACCORD + timedelta(minutes=6 * rang), acte.confirmer(qualite))
    if ecrite.second_regard is not None:
        regard = ecrite.second_regard
        noter(scene.chronologie.il_y_a(regard.confie, HEURE_DU_REGARD), acte.confier_second_regard(regard))
        if regard.rendu is not None:
            noter(scene.chronologie.il_y_a(regard.rendu, HEURE_DU_REGARD), acte.rendre_second_regard(regard))


def _celui_qui_propose_d_abord(accord: AccordEcrit) -> tuple[str, ...]:
    return tuple(sorted(QUALITES, key=lambda qualite: qualite != accord.propose))


class _Acte:
    """Les actes d'une épreuve, prêts à jouer : chacun est une fonction de son instant."""

    def __init__(self, scene: Scene, dossier: DossierEcrit, ecrite: EpreuveEcrite, debut: datetime) -> None:
        self._scene = scene
        self._dossier = dossier
        self._ecrite = ecrite
        self._debut = debut
        self._cle = (dossier.candidat, ecrite.bloc)

    def declarer(self, qualite: str) -> Callable[[datetime], None]:
        """L'évaluateur signe qu'il n'a aucun lien avec le candidat."""

        def jouer(instant: datetime) -> None:
            convocations.declarer(
                epreuve=self._epreuve,
                genre=GenreDeclare.AUCUN,
                auteur=self._evaluateur(qualite),
                maintenant=instant,
            )

        return jouer

    def lire(self, qualite: str, lecture: LectureEcrite) -> Callable[[datetime], None]:
        """Tous les gestes d'un évaluateur, reçus en un lot, comme une tablette revenue du réseau les envoie."""

        def jouer(instant: datetime) -> None:
            bloc = self._scene.arbre.bloc(self._ecrite.bloc)
            lot = [
                self._fait(qualite, rang, geste) for rang, geste in enumerate(gestes(bloc, self._ecrite, lecture), 1)
            ]
            self.declarer(qualite)(instant)
            reponses = evaluation.recevoir_faits(
                epreuve=self._epreuve, lot=lot, auteur=self._evaluateur(qualite), maintenant=instant
            )
            refuses = [reponse for reponse in reponses if reponse.etat != EtatReponse.ACCEPTEE]
            if refuses:
                raise RecitImpossible(f"{self._cle} : {refuses}")

        return jouer

    def clore(self, qualite: str) -> Callable[[datetime], None]:
        """L'évaluateur scelle sa lecture."""

        def jouer(instant: datetime) -> None:
            lecture = self._ecrite.lectures.get(qualite)
            evaluation.clore_lecture(
                epreuve=self._epreuve,
                exceptions=lecture.exceptions if lecture else {},
                auteur=self._evaluateur(qualite),
                maintenant=instant,
            )

        return jouer

    def se_prononcer(self, qualite: str, critere: str, accord: AccordEcrit) -> Callable[[datetime], None]:
        """L'évaluateur propose (avec son motif), ou confirme."""

        def jouer(instant: datetime) -> None:
            evaluation.se_prononcer(
                epreuve=self._epreuve,
                critere=critere,
                choix=Position(accord.choix),
                motif=accord.motif if qualite == accord.propose else "",
                auteur=self._evaluateur(qualite),
                maintenant=instant,
            )

        return jouer

    def confirmer(self, qualite: str) -> Callable[[datetime], None]:
        """L'évaluateur confirme ce sur quoi les deux lectures concordent."""

        def jouer(instant: datetime) -> None:
            evaluation.confirmer(epreuve=self._epreuve, auteur=self._evaluateur(qualite), maintenant=instant)

        return jouer

    def confier_second_regard(self, regard: RegardEcrit) -> Callable[[datetime], None]:
        """La gestionnaire choisit la troisième personne, qui déclare n'avoir aucun lien."""

        def jouer(instant: datetime) -> None:
            personne = self._scene.personnes[regard.a]
            evaluation.designer_second_regard(
                epreuve=self._epreuve, personne=personne.id, auteur=self._gestionnaire, maintenant=instant
            )
            if regard.rendu is not None:
                evaluation.declarer_avant_de_lire(
                    epreuve=self._epreuve, genre=GenreDeclare.AUCUN, auteur=personne, maintenant=instant
                )

        return jouer

    def rendre_second_regard(self, regard: RegardEcrit) -> Callable[[datetime], None]:
        """La troisième personne scelle son avis."""

        def jouer(instant: datetime) -> None:
            evaluation.rendre_avis(
                epreuve=self._epreuve,
                sens=SensAvis(regard.sens),
                criteres=regard.criteres,
                motif=regard.motif,
                auteur=self._scene.personnes[regard.a],
                maintenant=instant,
            )

        return jouer

    @property
    def _gestionnaire(self) -> Acteur:
        return self._scene.personnes[self._dossier.gestionnaire]

    @property
    def _epreuve(self) -> UUID:
        return self._scene.epreuves[self._cle]

    def _evaluateur(self, qualite: str) -> Acteur:
        return self._scene.personnes[self._ecrite.metier if qualite == "metier" else self._ecrite.certificateur]

    def _fait(self, qualite: str, rang: int, geste: Geste) -> dict[str, object]:
        nom = "/".join((*self._cle, qualite))
        return {
            "id": str(uuid5(ESPACE, f"{nom}/{self._epreuve}/{rang}")),
            "appareil": str(uuid5(ESPACE, nom)),
            "rang": rang,
            "cible": geste.cible,
            "valeur": geste.valeur,
            "mural": (self._debut + timedelta(seconds=geste.secondes)).isoformat(),
            "monotone_ms": geste.secondes * 1000,
            "norme": self._scene.norme,
        }


def _planifier(
    scene: Scene, dossier: DossierEcrit, ecrite: EpreuveEcrite, prevue_le: datetime, instant: datetime
) -> None:
    epreuve = convocations.planifier_epreuve(
        dossier=scene.dossiers[dossier.candidat],
        bloc=ecrite.bloc,
        prevue_le=prevue_le,
        lieu=ecrite.lieu,
        auteur=scene.personnes[dossier.gestionnaire],
        maintenant=instant,
    )
    scene.epreuves[dossier.candidat, ecrite.bloc] = epreuve


def _affecter(scene: Scene, dossier: DossierEcrit, ecrite: EpreuveEcrite, instant: datetime) -> None:
    """Malgré leurs semaines : elles tombent un autre jour à chaque composition, et l'épreuve n'est pas en salle."""
    convocations.affecter_evaluateurs(
        epreuve=scene.epreuves[dossier.candidat, ecrite.bloc],
        metier=scene.personnes[ecrite.metier].id,
        certificateur=scene.personnes[ecrite.certificateur].id,
        malgre=True,
        auteur=scene.personnes[dossier.gestionnaire],
        maintenant=instant,
    )
