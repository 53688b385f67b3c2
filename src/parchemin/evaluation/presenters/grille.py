"""La grille d'un évaluateur : ce qu'il a renseigné, ce qu'il reste à faire, jamais ce qu'en dit l'autre."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse

from moteur.grille import Conflit, GrilleCourante, Temps
from moteur.referentiel import Bloc, Competence, Critere, Phase
from moteur.vocabulaire import CodeExigence, DocumentsRemis, Etat, SensDuree
from parchemin.convocations.selectors import VueEpreuve
from parchemin.socle.composants import OPTIONS_CRITERE, ChoixCritere, Jauge, RangeePoints
from parchemin.socle.typographie import chrono, heure, pluriel

_MOTS = {option.valeur: option.libelle.lower() for option in OPTIONS_CRITERE}
_COURTS = {"observation": "Observation", "questions": "Questions", "expose": "Exposé", "echange": "Échange"}
"""Le nom d'une phase là où la place manque ; une phase d'un autre référentiel garde son intitulé."""
_SENS = {SensDuree.MINIMUM: "au moins", SensDuree.PREVU: "prévu", SensDuree.MAXIMUM: "au plus"}


@dataclass(frozen=True, slots=True)
class VuePhase:
    """Une phase de l'épreuve : son temps, et le geste qui vient. `depuis_ms` : l'instant du début, tant qu'elle court."""

    code: str
    intitule: str
    court: str
    attendu: str
    compteur: str
    jauge: Jauge | None
    geste: str
    libelle_geste: str
    minutes: int | None
    depuis_ms: int | None


@dataclass(frozen=True, slots=True)
class Compte:
    """Ce que le référentiel demande de compter, et où l'on en est. `genre` : le premier mot de la cible qui le fait monter."""

    genre: str
    jauge: Jauge


@dataclass(frozen=True, slots=True)
class Choix:
    """Un bouton qui pose une valeur sur une cible ; `pose` : c'est la valeur actuelle."""

    nom: str
    valeur: str
    libelle: str
    pose: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """Un entretien ou un courrier noté, que l'on peut retirer."""

    cible: str
    libelle: str


@dataclass(frozen=True, slots=True)
class GroupeCompetence:
    """Une compétence et ses critères. `points` : la rangée, quand le règlement ne la cache pas."""

    code: str
    libelle: str
    choix: tuple[ChoixCritere, ...]
    avancement: str
    points: RangeePoints | None
    abordee: Choix | None


@dataclass(frozen=True, slots=True)
class PageGrille:
    """Toute la page."""

    epreuve: VueEpreuve
    bloc: str
    phases: tuple[VuePhase, ...]
    comptes: tuple[Compte, ...]
    alternatives: tuple[Choix, ...]
    entretiens: tuple[Trace, ...] | None
    courriers: tuple[Trace, ...] | None
    competences: tuple[GroupeCompetence, ...]
    sans_document: bool
    lieu: str
    conditions: str
    conditions_ouvertes: bool
    resume: str
    conflits: tuple[str, ...]
    scellee: bool
    reglages: Mapping[str, Any]

    @property
    def prochaine(self) -> VuePhase | None:
        """La phase que le bouton du haut commence ou finit : une seule à la fois."""
        return next((phase for phase in self.phases if phase.libelle_geste), None)

    @property
    def vus(self) -> str:
        """Ce que la page montre (le plus haut rang de chaque appareil), en JSON : le formulaire le rend avec ses gestes."""
        return json.dumps(self.reglages["vus"])

    @property
    def url(self) -> str:
        """Où s'envoient les gestes du formulaire."""
        return reverse("evaluation:grille", args=[self.epreuve.id])


def page_grille(
    epreuve: VueEpreuve,
    bloc: Bloc,
    grille: GrilleCourante,
    rangs: Mapping[str, int],
    *,
    scellee: bool,
    masquee: bool,
    requis: Mapping[str, int],
    maintenant: datetime,
    personne: UUID,
    hors_ligne: bool = True,
    secrets: Sequence[str] = (),
) -> PageGrille:
    """La page de la grille de cette `personne`.

    `requis` : le seuil de chaque compétence, montré si le règlement ne le cache pas. `hors_ligne` : l'organisme du candidat
    admet que la grille se garde sur l'appareil ; `secrets` : ce qui rouvre alors son coffre.
    """
    conflits = {conflit.cible: conflit for conflit in grille.conflits}
    criteres = bloc.criteres()
    renseignes = sum(critere.code in grille.etats for critere in criteres)
    exigences = {exigence.code: exigence for exigence in bloc.epreuve.exigences}
    b2 = CodeExigence.COMPETENCES_ABORDEES in exigences
    phases = tuple(_phase(phase, grille.phases.get(phase.code), maintenant) for phase in bloc.epreuve.phases)
    return PageGrille(
        epreuve=epreuve,
        bloc=f"Bloc {bloc.code[1:]} — {bloc.intitule}",
        phases=phases,
        comptes=_comptes(bloc, grille),
        alternatives=tuple(
            Choix("alternative", a.code, a.intitule, pose=grille.alternative == a.code)
            for a in bloc.epreuve.alternatives
        ),
        entretiens=tuple(
            Trace(f"entretien:{cle}", f"Entretien {rang}") for rang, cle in enumerate(grille.entretiens, start=1)
        )
        if CodeExigence.ENTRETIENS in exigences
        else None,
        courriers=tuple(
            Trace(f"courrier:{cle}", courrier.motif or "Sans motif") for cle, courrier in grille.courriers.items()
        )
        if CodeExigence.COURRIERS in exigences
        else None,
        competences=tuple(
            _groupe(competence, grille, conflits, requis[competence.code], b2=b2, masquee=masquee, fige=scellee)
            for competence in bloc.competences()
        ),
        sans_document=bloc.epreuve.documents_remis is DocumentsRemis.INTERDITS,
        lieu=grille.lieu,
        conditions=_resume_conditions(bloc, grille),
        conditions_ouvertes=bool(bloc.epreuve.alternatives) and grille.alternative is None and not scellee,
        resume=f"{renseignes} {'critère renseigné' if renseignes < 2 else 'critères renseignés'} sur {len(criteres)}",
        conflits=tuple(_phrase_conflit(conflit) for conflit in grille.conflits),
        scellee=scellee,
        reglages={
            "faits": reverse("evaluation:faits", args=[epreuve.id]),
            "epreuve": str(epreuve.id),
            "titre": f"{epreuve.dossier.candidat_nom}, bloc {bloc.code[1:]}",
            "norme": epreuve.norme,
            "personne": str(personne),
            "nom": next((e.nom for e in epreuve.evaluateurs if e.personne == personne), ""),
            "hors_ligne": hors_ligne,
            "secrets": list(secrets) if hors_ligne else [],
            "etapes": [etape for phase in bloc.epreuve.phases for etape in _etapes(phase)],
            "vus": dict(rangs),
            "derniers": {cible: fait.id for cible, fait in grille.reperes.items()},
        },
    )


def _groupe(
    competence: Competence,
    grille: GrilleCourante,
    conflits: Mapping[str, Conflit],
    requis: int,
    *,
    b2: bool,
    masquee: bool,
    fige: bool,
) -> GroupeCompetence:
    etats = [grille.etats.get(critere.code) for critere in competence.criteres]
    renseignes = sum(etat is not None for etat in etats)
    abordee = competence.code in grille.competences_abordees
    valides, non_valides = etats.count(Etat.VALIDE), etats.count(Etat.NON_VALIDE)
    montree = fige or not masquee
    return GroupeCompetence(
        code=competence.code,
        libelle=competence.intitule,
        choix=tuple(_choix(critere, grille, conflits, fige=fige) for critere in competence.criteres),
        avancement=f"{pluriel(valides, 'validé')} ; il en faut {requis}"
        if montree
        else f"{renseignes} sur {pluriel(len(etats), 'renseigné')}",
        points=RangeePoints(valides, non_valides, len(etats) - valides - non_valides, requis) if montree else None,
        abordee=Choix(
            f"competence_abordee:{competence.code}",
            "non" if abordee else "oui",
            "Abordée dans l’exposé" if abordee else "Noter comme abordée dans l’exposé",
            pose=abordee,
        )
        if b2
        else None,
    )


def _choix(critere: Critere, grille: GrilleCourante, conflits: Mapping[str, Conflit], *, fige: bool) -> ChoixCritere:
    conflit = conflits.get(f"critere:{critere.code}")
    etat = grille.etats.get(critere.code)
    mot = grille.commentaires.get(critere.code, "")
    return ChoixCritere(
        identifiant=critere.code.replace(".", "-"),
        libelle=critere.intitule,
        nom=f"critere:{critere.code}",
        valeur=etat.value if etat else None,
        code=critere.code,
        envoi="bouton",
        nom_mot="" if fige and not mot else f"commentaire:{critere.code}",
        mot=mot,
        indication=_valeurs_du_conflit(conflit)
        if conflit
        else ("À poser en question pendant l’entretien." if etat is Etat.NON_OBSERVE else ""),
        fige=fige,
    )


def _valeurs_du_conflit(conflit: Conflit) -> str:
    dites = [f"{_MOTS.get(str(fait.valeur), 'autre valeur')} à {heure(fait.mural)}" for fait in conflit.faits]
    return f"Deux de vos appareils ne disent pas la même chose : {', '.join(dites)}. Choisissez ce qui est juste."


def _phrase_conflit(conflit: Conflit) -> str:
    genre, _, code = conflit.cible.partition(":")
    if genre == "critere":
        return f"{code} : {_valeurs_du_conflit(conflit)}"
    return f"Deux de vos appareils ne disent pas la même chose ({genre}). Refaites ce geste : il tranchera."


def _phase(phase: Phase, temps: Temps | None, maintenant: datetime) -> VuePhase:
    temps = temps or Temps(None, None, None, None)
    court = _COURTS.get(phase.code, phase.intitule)
    en_cours = temps.debut is not None and temps.fin is None and temps.duree_ms is None
    ecoule = timedelta(milliseconds=temps.duree_ms or 0)
    if en_cours and temps.debut is not None:
        ecoule = max(maintenant - temps.debut.mural, timedelta(0))
    return VuePhase(
        code=phase.code,
        intitule=phase.intitule,
        court=court,
        attendu="" if phase.duree is None else f"{_SENS[phase.duree.sens]} {phase.duree.minutes} min",
        compteur=chrono(ecoule) if en_cours or temps.duree_ms is not None else "à commencer",
        jauge=Jauge(court, int(ecoule.total_seconds()) // 60, phase.duree.minutes, "min") if phase.duree else None,
        geste=f"phase:{phase.code}:{'fin' if en_cours else 'debut'}",
        libelle_geste=f"{'Finir' if en_cours else 'Commencer'} : {court}" if temps.duree_ms is None else "",
        minutes=temps.declaree,
        depuis_ms=round(temps.debut.mural.timestamp() * 1000) if en_cours and temps.debut is not None else None,
    )


def _etapes(phase: Phase) -> tuple[dict[str, str], dict[str, str]]:
    """Les deux gestes d'une phase, tels que le bouton du haut les enchaîne quand le serveur n'est pas là pour le dire."""
    court = _COURTS.get(phase.code, phase.intitule)
    return (
        {"nom": f"phase:{phase.code}:debut", "libelle": f"Commencer : {court}"},
        {"nom": f"phase:{phase.code}:fin", "libelle": f"Finir : {court}"},
    )


def _comptes(bloc: Bloc, grille: GrilleCourante) -> tuple[Compte, ...]:
    comptes = {
        CodeExigence.ENTRETIENS: ("entretien", "Entretiens", len(grille.entretiens)),
        CodeExigence.COURRIERS: ("courrier", "Courriers", len(grille.courriers)),
        CodeExigence.COMPETENCES_ABORDEES: (
            "competence_abordee",
            "Compétences abordées",
            len(grille.competences_abordees),
        ),
    }
    return tuple(
        Compte(comptes[exigence.code][0], Jauge(*comptes[exigence.code][1:], exigence.minimum))
        for exigence in bloc.epreuve.exigences
        if not exigence.alternatives or grille.alternative in (None, *exigence.alternatives)
    )


def _resume_conditions(bloc: Bloc, grille: GrilleCourante) -> str:
    """« Accueil physique, 2 entretiens, 3 courriers » : ce qui est noté, en une ligne."""
    voie = next((a.intitule for a in bloc.epreuve.alternatives if a.code == grille.alternative), "")
    exigences = {exigence.code for exigence in bloc.epreuve.exigences}
    comptes = (
        (CodeExigence.ENTRETIENS, len(grille.entretiens), "entretien"),
        (CodeExigence.COURRIERS, len(grille.courriers), "courrier"),
        (CodeExigence.COMPETENCES_ABORDEES, len(grille.competences_abordees), "compétence abordée"),
    )
    notes = [pluriel(nombre, mot) for code, nombre, mot in comptes if code in exigences]
    return ", ".join(filter(None, (voie, *notes, grille.lieu))) or "rien de noté encore"
