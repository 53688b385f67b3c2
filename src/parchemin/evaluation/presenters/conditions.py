"""Les conditions d'une épreuve telles que chaque lecture les constate, côte à côte."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from moteur.conditions import ALTERNATIVE, PHASE, Conditions, codes
from moteur.grille import MS_PAR_MINUTE
from moteur.referentiel import Bloc, Epreuve
from moteur.vocabulaire import CodeExigence
from parchemin.convocations.enums import Qualite
from parchemin.evaluation.enums import NatureResultat
from parchemin.evaluation.selectors import VueLecture, VueResultat
from parchemin.parcours.presenters import duree_en_mots
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import date_en_clair, pluriel

LIBELLES = {
    ALTERNATIVE: "Comment l’épreuve s’est déroulée",
    CodeExigence.ENTRETIENS.value: "Entretiens observés",
    CodeExigence.COURRIERS.value: "Courriers et courriels",
    CodeExigence.COMPETENCES_ABORDEES.value: "Compétences abordées",
}


_LECTURES = {Qualite.METIER: "lecture du représentant métier", Qualite.CERTIFICATEUR: "lecture du certificateur"}

APRES_LECTURE = "Scellée par un évaluateur qui pouvait lire une autre grille de ce bloc."
"""Ce qui se dit d'une lecture qui n'est pas indépendante (`selectors.lectures_deja_ouvertes`)."""

INCIDENT_CONSIGNE = "Appris après les deux lectures : ni elles, ni ce calcul n’en changent ; le jury le lit."
"""Ce qui se dit au relevé d'un incident consigné ; ni lequel, ni de qui."""


@dataclass(frozen=True, slots=True)
class LigneCondition:
    """Une condition : ce qu'en dit chaque lecture (qui, quoi, motif d'une exception)."""

    code: str
    libelle: str
    lectures: tuple[tuple[str, str, str], ...]


def libelle(epreuve: Epreuve, code: str) -> str:
    """Le nom d'une condition : « Durée : Observation de situations réelles »."""
    if not code.startswith(PHASE):
        return LIBELLES[code]
    phase = epreuve.phase(code.removeprefix(PHASE))
    return f"Durée : {phase.intitule if phase else code}"


def en_mots(epreuve: Epreuve, conditions: Conditions, code: str) -> str:
    """Ce qu'une lecture dit d'une condition."""
    voies = {alternative.code: alternative.intitule for alternative in epreuve.alternatives}
    match code:
        case "alternative":
            return voies.get(conditions.alternative or "", "non dit")
        case CodeExigence.ENTRETIENS:
            compte = pluriel(len(conditions.entretiens), "entretien", "entretiens")
            dites = sorted({voies[voie] for voie in conditions.entretiens if voie in voies})
            return f"{compte} ({', '.join(dites)})" if dites else compte
        case CodeExigence.COURRIERS:
            motifs = ", ".join(
                c.motif.strip() + ("" if c.preselectionne else " (hors panel)") for c in conditions.courriers
            )
            compte = pluriel(len(conditions.courriers), "courrier", "courriers")
            return f"{compte} : {motifs}" if motifs else compte
        case CodeExigence.COMPETENCES_ABORDEES:
            return ", ".join(sorted(conditions.competences_abordees)) or "aucune"
        case _:
            return duree(conditions.phases_ms.get(code.removeprefix(PHASE)))


def duree(ms: int | None) -> str:
    """« 20 min 12 s », « 15 min », ou « non mesurée »."""
    if ms is None:
        return "non mesurée"
    minutes, reste = divmod(ms, MS_PAR_MINUTE)
    secondes = reste // 1000
    return f"{minutes} min" + (f" {secondes} s" if secondes else "")


def lignes_conditions(
    bloc: Bloc, lectures: Mapping[Qualite, VueLecture], noms: Mapping[UUID, str]
) -> tuple[LigneCondition, ...]:
    """Toutes les conditions de l'épreuve, telles que chaque lecture les constate."""
    return tuple(
        LigneCondition(
            code,
            libelle(bloc.epreuve, code),
            tuple(
                (
                    noms[lue.evaluateur],
                    en_mots(bloc.epreuve, lue.conditions, code),
                    lue.conditions.exceptions.get(code, ""),
                )
                for lue in lectures.values()
            ),
        )
        for code in codes(bloc.epreuve)
    )


def exceptions_du_resultat(epreuve: Epreuve, resultat: VueResultat) -> tuple[tuple[str, str, str], ...]:
    """Chaque exception scellée : la condition, la lecture d'où elle vient, jamais de qui, et son motif.

    Le même motif dans les deux lectures ne se dit qu'une fois.
    """
    motifs: dict[tuple[str, str], list[str]] = {}
    for exception in resultat.exceptions:
        motifs.setdefault((exception.condition, exception.motif), []).append(_LECTURES[exception.qualite])
    return tuple(
        (libelle(epreuve, condition), " et ".join(lectures), motif) for (condition, motif), lectures in motifs.items()
    )


def conditions_du_resultat(epreuve: Epreuve, resultat: VueResultat) -> tuple[tuple[str, str], ...]:
    """Ce qu'un relevé dit d'une épreuve jugée : durées aménagées, lectures après une autre, exceptions, incidents consignés."""
    durees = [
        (
            phase.intitule,
            f"{duree_en_mots(phase.duree, resultat.durees[phase.code])} ; référentiel : {duree_en_mots(phase.duree)}.",
        )
        for phase in epreuve.phases
        if phase.duree is not None and phase.code in resultat.durees
    ]
    commune = resultat.nature == NatureResultat.COMMUNE
    return (
        *durees,
        *((_LECTURES[qualite].capitalize(), APRES_LECTURE) for qualite in resultat.apres_lecture if not commune),
        *(
            (f"Exception : {condition}", f"« {motif} » ({lectures})")
            for condition, lectures, motif in exceptions_du_resultat(epreuve, resultat)
        ),
        *((f"Incident consigné le {date_en_clair(jour_civil(le))}", INCIDENT_CONSIGNE) for le in resultat.incidents),
    )
