"""Une grille se clôt quand chaque critère y est validé ou non validé, et que les conditions de l'épreuve sont remplies.

« Non observé » ne tranche pas : un critère qui ne s'est pas présenté se tranche par le questionnement. Une durée
prévue, ou un plafond, ne bloque jamais ; seul un minimum bloque.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from moteur.grille import MS_PAR_MINUTE, GrilleCourante
from moteur.phrases import accorder
from moteur.referentiel import Bloc, Epreuve, Exigence, Phase
from moteur.vocabulaire import CodeExigence, Etat, SensDuree

CODE = "GRILLE-COMPLETE"
SOURCE = (
    "Référentiel du CQP Conseiller Offres de Service de la Sécurité sociale, modalités d'évaluation de chaque bloc ; "
    "pour le critère non observé, réglage par défaut, à confirmer par le certificateur."
)
DEPUIS = "version 2021 du référentiel"
JUSQU_A = None


@dataclass(frozen=True, slots=True)
class Manque:
    """Ce qui empêche de clore : `cible` dit où aller, `message` dit quoi faire."""

    code: str
    cible: str
    message: str


@dataclass(frozen=True, slots=True)
class Compte:
    """Ce que l'épreuve demande de compter, et où l'on en est : seul `fait` compte, selon la même règle que la clôture."""

    exigence: Exigence
    fait: int


def comptes(epreuve: Epreuve, grille: GrilleCourante, *, melange: bool = False) -> tuple[Compte, ...]:
    """Les comptes de l'épreuve : ceux de la voie choisie ; tant qu'aucune ne l'est, ceux de toutes."""
    return tuple(
        Compte(exigence, _COMPTE[exigence.code](exigence, grille, melange))
        for exigence in epreuve.exigences
        if not exigence.alternatives or grille.alternative in (None, *exigence.alternatives)
    )


def duree_attendue(phase: Phase, adaptees: Mapping[str, int]) -> int | None:
    """Les minutes de cette phase pour ce candidat : celles que lui donne un aménagement, sinon celles du référentiel."""
    return None if phase.duree is None else adaptees.get(phase.code, phase.duree.minutes)


def manques(
    bloc: Bloc,
    grille: GrilleCourante,
    *,
    durees_adaptees: Mapping[str, int] | None = None,
    melange: bool = False,
) -> tuple[Manque, ...]:
    """Tout ce qui manque à cette grille pour être close ; vide : elle peut l'être.

    `durees_adaptees` : pour une phase, les minutes qu'un aménagement donne au candidat. `melange` : les
    entretiens d'une autre voie que la voie choisie comptent aussi (réglage du certificateur).
    """
    return (
        *_conflits(grille),
        *_criteres(bloc, grille),
        *_alternative(bloc.epreuve, grille),
        *_exigences(bloc.epreuve, grille, melange=melange),
        *_durees(bloc.epreuve, grille, durees_adaptees or {}),
    )


def _conflits(grille: GrilleCourante) -> list[Manque]:
    return [
        Manque(
            "conflit", conflit.cible, "Deux appareils ne disent pas la même chose ici : choisissez ce qui est juste."
        )
        for conflit in grille.conflits
    ]


def _en_conflit(grille: GrilleCourante, cible: str) -> bool:
    return any(conflit.cible == cible for conflit in grille.conflits)


def _criteres(bloc: Bloc, grille: GrilleCourante) -> list[Manque]:
    manquants = []
    for critere in bloc.criteres():
        cible = f"critere:{critere.code}"
        etat = grille.etats.get(critere.code)
        if etat is Etat.NON_OBSERVE:
            message = f"Le critère {critere.code} est « non observé » : tranchez-le, au besoin par une question."
            manquants.append(Manque("critere_non_observe", cible, message))
        elif etat is None and not _en_conflit(grille, cible):
            manquants.append(Manque("critere_ouvert", cible, f"Le critère {critere.code} n'est pas tranché."))
    return manquants


def _alternative(epreuve: Epreuve, grille: GrilleCourante) -> list[Manque]:
    if not epreuve.alternatives or grille.alternative is not None or _en_conflit(grille, "alternative"):
        return []
    choix = ", ".join(alternative.intitule for alternative in epreuve.alternatives)
    return [Manque("alternative_absente", "alternative", f"Dites comment l'épreuve s'est déroulée : {choix}.")]


def _exigences(epreuve: Epreuve, grille: GrilleCourante, *, melange: bool) -> list[Manque]:
    manquants = []
    for compte in comptes(epreuve, grille, melange=melange):
        exigence = compte.exigence
        if exigence.alternatives and grille.alternative is None:
            continue  # la voie manque : c'est elle que l'on demande d'abord
        if compte.fait < exigence.minimum:
            message = f"{_NOM[exigence.code]} : {compte.fait} sur {exigence.minimum} au minimum."
            manquants.append(Manque("exigence_non_remplie", exigence.code, message))
    return manquants


def _compte_entretiens(_exigence: Exigence, grille: GrilleCourante, melange: bool) -> int:
    return sum(melange or voie is None or voie == grille.alternative for voie in grille.entretiens.values())


def _compte_courriers(exigence: Exigence, grille: GrilleCourante, _melange: bool) -> int:
    return sum(
        (not exigence.motif_requis or bool(courrier.motif.strip()))
        and (not exigence.preselection_requise or courrier.preselectionne)
        for courrier in grille.courriers.values()
    )


def _compte_competences(_exigence: Exigence, grille: GrilleCourante, _melange: bool) -> int:
    return len(grille.competences_abordees)


_COMPTE: dict[CodeExigence, Callable[[Exigence, GrilleCourante, bool], int]] = {
    CodeExigence.ENTRETIENS: _compte_entretiens,
    CodeExigence.COURRIERS: _compte_courriers,
    CodeExigence.COMPETENCES_ABORDEES: _compte_competences,
}

_NOM = {
    CodeExigence.ENTRETIENS: "Entretiens observés",
    CodeExigence.COURRIERS: "Courriers et courriels examinés",
    CodeExigence.COMPETENCES_ABORDEES: "Compétences abordées par le candidat",
}


def _durees(epreuve: Epreuve, grille: GrilleCourante, adaptees: Mapping[str, int]) -> list[Manque]:
    manquants = []
    for phase in epreuve.phases:
        if phase.duree is None or phase.duree.sens is not SensDuree.MINIMUM:
            continue
        minimum = adaptees.get(phase.code, phase.duree.minutes)
        temps = grille.phases.get(phase.code)
        duree_ms = None if temps is None else temps.duree_ms
        if duree_ms is None:
            message = f"La durée de la phase « {phase.intitule} » n'est pas connue ; il faut au moins {minimum} min."
            manquants.append(Manque("duree_inconnue", f"phase:{phase.code}", message))
        elif duree_ms < minimum * MS_PAR_MINUTE:
            faites = accorder(duree_ms // MS_PAR_MINUTE, "minute", "minutes")
            message = f"La phase « {phase.intitule} » a duré {faites} ; il faut au moins {minimum} min."
            manquants.append(Manque("duree_insuffisante", f"phase:{phase.code}", message))
    return manquants
