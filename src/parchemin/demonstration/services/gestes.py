"""Les gestes d'un évaluateur pendant une épreuve, dans l'ordre où il les fait : pur, sans base ni horloge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from moteur.referentiel import Bloc, Exigence
from moteur.vocabulaire import CodeExigence, Etat
from parchemin.demonstration.selectors.recit import EpreuveEcrite, LectureEcrite

MOTIFS = (
    "Demande d'attestation",
    "Changement d'adresse",
    "Réclamation sur un délai",
    "Demande de remboursement",
    "Pièce manquante",
)
SECONDES_ENTRE_GESTES = 25
DEBUT_DE_PAUSE, PAUSE = 520, 180


@dataclass(frozen=True, slots=True)
class Geste:
    """Une cible, une valeur, et combien de secondes après le début de l'épreuve."""

    secondes: int
    cible: str
    valeur: object


def gestes(bloc: Bloc, epreuve: EpreuveEcrite, lecture: LectureEcrite) -> tuple[Geste, ...]:
    """Tous les gestes d'une lecture : le lieu, les phases et leur temps, les entretiens, les coches, les commentaires.

    Une lecture « remplie » à moitié s'arrête là : ni seconde phase, ni tous les courriers.
    """
    return tuple(sorted(_gestes(bloc, epreuve, lecture), key=lambda geste: geste.secondes))


def _gestes(bloc: Bloc, epreuve: EpreuveEcrite, lecture: LectureEcrite) -> Iterator[Geste]:
    voies = [alternative.code for alternative in bloc.epreuve.alternatives]
    voie = epreuve.alternative or next(iter(voies), None)
    premiere, seconde = bloc.epreuve.phases
    minutes = lecture.premiere_phase or (premiere.duree.minutes if premiere.duree else 10) + 1
    fin_premiere = 30 + 60 * minutes + (PAUSE if lecture.pause else 0)
    fin_seconde = fin_premiere + 60 * (1 + (seconde.duree.minutes if seconde.duree else 10))
    entiere = lecture.remplie is None

    yield Geste(0, "lieu", epreuve.lieu)
    if voie is not None:
        yield Geste(10, "alternative", voie)
    yield Geste(30, f"phase:{premiere.code}:debut", True)
    if lecture.pause:
        yield Geste(DEBUT_DE_PAUSE, f"phase:{premiere.code}:pause:p1", {"motif": lecture.pause})
        yield Geste(DEBUT_DE_PAUSE + PAUSE, f"phase:{premiere.code}:reprise:p1", True)
    yield Geste(fin_premiere, f"phase:{premiere.code}:fin", True)
    if entiere:
        yield Geste(fin_premiere + 30, f"phase:{seconde.code}:debut", True)
        yield Geste(fin_seconde, f"phase:{seconde.code}:fin", True)
    for exigence in bloc.epreuve.exigences:
        yield from _exigence(bloc, exigence, voie, fin_premiere, entiere=entiere)
    yield from _coches(bloc, lecture)


def _exigence(bloc: Bloc, exigence: Exigence, voie: str | None, fin_premiere: int, *, entiere: bool) -> Iterator[Geste]:
    combien = exigence.minimum
    match exigence.code:
        case CodeExigence.ENTRETIENS:
            for rang in range(combien):
                yield Geste(60 + rang * fin_premiere // combien, f"entretien:e{rang + 1}", {"alternative": voie})
        case CodeExigence.COURRIERS:
            for rang in range(combien if entiere else combien - 2):
                valeur = {"motif": MOTIFS[rang % len(MOTIFS)], "preselectionne": True}
                yield Geste(fin_premiere + 40 + rang * 90, f"courrier:c{rang + 1}", valeur)
        case CodeExigence.COMPETENCES_ABORDEES:
            for rang, competence in enumerate(islice(bloc.competences(), combien)):
                yield Geste(120 + rang * 180, f"competence_abordee:{competence.code}", True)


def _coches(bloc: Bloc, lecture: LectureEcrite) -> Iterator[Geste]:
    for rang, critere in enumerate(islice(bloc.criteres(), lecture.remplie)):
        secondes = 90 + rang * SECONDES_ENTRE_GESTES
        yield Geste(secondes, f"critere:{critere.code}", _etat(critere.code, lecture).value)
        if texte := lecture.commentaires.get(critere.code):
            yield Geste(secondes + 12, f"commentaire:{critere.code}", texte)


def _etat(critere: str, lecture: LectureEcrite) -> Etat:
    if critere in lecture.non_valides:
        return Etat.NON_VALIDE
    return Etat.NON_OBSERVE if critere in lecture.non_observes else Etat.VALIDE
