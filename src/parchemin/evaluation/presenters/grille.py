"""La grille d'un évaluateur : ce qu'il a renseigné, ce qu'il reste à faire, jamais ce qu'en dit l'autre."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from moteur.entretien import demande_un_expose
from moteur.faits import TEXTE_MAXIMAL
from moteur.grille import Conflit, Courrier, EtatPhase, GrilleCourante
from moteur.referentiel import Bloc, Competence, Critere
from moteur.vocabulaire import CodeExigence, DocumentsRemis, Etat
from parchemin.convocations.enums import ATTENDENT
from parchemin.convocations.selectors import VueEpreuve
from parchemin.evaluation.presenters.conflits import VueConflit, indication_du_conflit, vue_conflit
from parchemin.evaluation.presenters.gestes import VueGeste, vues_des_gestes
from parchemin.evaluation.presenters.phases import (
    Compte,
    Trace,
    VuePhase,
    vues_des_comptes,
    vues_des_entretiens,
    vues_des_phases,
)
from parchemin.evaluation.presenters.questions import VueQuestion, ordre_de_l_entretien, questions_du_critere, rangs
from parchemin.evaluation.presenters.touches import SEULES, TOUJOURS, Touche, retenues
from parchemin.evaluation.selectors import FACON_DE_DEPART, Geste, VueFacon
from parchemin.socle import prudence
from parchemin.socle.composants import ChoixCritere, RangeePoints
from parchemin.socle.typographie import pluriel

A_DEMANDER = "À poser en question pendant l’entretien."
AUTRE_VOIE = "Un entretien noté dans une autre voie que la vôtre ne compte pas : retirez-le et notez-le de nouveau, ou revenez à sa voie."


@dataclass(frozen=True, slots=True)
class Choix:
    """Un bouton qui pose une valeur sur une cible ; `pose` : c'est la valeur actuelle."""

    nom: str
    valeur: str
    libelle: str
    pose: bool


@dataclass(frozen=True, slots=True)
class VueCritere:
    """Un critère : ses trois choix, ses questions. `bloc` : l'identifiant de l'ensemble, qui se déplace d'une pièce."""

    code: str
    competence: str
    bloc: str
    choix: ChoixCritere
    questions: tuple[VueQuestion, ...]


@dataclass(frozen=True, slots=True)
class FaitsObserves:
    """Ce que l'on a observé sur toute une compétence, comme sur la feuille de papier. `alerte` : le texte désigne quelqu'un."""

    identifiant: str
    nom: str
    texte: str
    conflit: str
    alerte: str
    fige: bool
    signes: int = TEXTE_MAXIMAL


@dataclass(frozen=True, slots=True)
class GroupeCompetence:
    """Une compétence et ses critères. `points` : la rangée, quand le règlement ne la cache pas. `faits` : `None`, rien à y lire ni à y écrire."""

    code: str
    libelle: str
    criteres: tuple[VueCritere, ...]
    avancement: str
    points: RangeePoints | None
    abordee: Choix | None
    faits: FaitsObserves | None


@dataclass(frozen=True, slots=True)
class PageGrille:
    """Toute la page. `entretien` : les critères de la liste de questions, `None` hors de cette vue."""

    epreuve: VueEpreuve
    bloc: str
    phases: tuple[VuePhase, ...]
    comptes: tuple[Compte, ...]
    alternatives: tuple[Choix, ...]
    entretiens: tuple[Trace, ...] | None
    courriers: tuple[Trace, ...] | None
    motifs_de_courrier: tuple[str, ...]
    motifs_de_pause: tuple[str, ...]
    competences: tuple[GroupeCompetence, ...]
    entretien: tuple[VueCritere, ...] | None
    gestes: tuple[VueGeste, ...]
    sans_document: bool
    lieu: str
    conditions: str
    conditions_ouvertes: bool
    resume: str
    tout_renseigne: bool
    conflits: tuple[VueConflit, ...]
    scellee: bool
    facon: VueFacon
    reglages: Mapping[str, Any]

    @property
    def courante(self) -> VuePhase | None:
        """La phase que l'on commence ou que l'on finit : une seule à la fois."""
        return next((phase for phase in self.phases if phase.etat is not EtatPhase.FINIE), None)

    @property
    def conseil_de_voie(self) -> str:
        """Quoi faire des entretiens qui ne comptent pas, s'il y en a."""
        return "" if all(trace.compte for trace in self.entretiens or ()) else AUTRE_VOIE

    @property
    def ferme_avec_son_dossier(self) -> bool:
        """Vrai si l'épreuve attendait encore quand son dossier s'est clos."""
        return self.epreuve.etat in ATTENDENT and not self.epreuve.attend

    @property
    def touches(self) -> tuple[tuple[Touche, ...], tuple[Touche, ...]]:
        """Les touches qui valent toujours, et celles d'une seule touche, si l'évaluateur les garde."""
        return TOUJOURS, SEULES if self.facon.raccourcis else ()

    @property
    def vus(self) -> str:
        """Ce que la page montre (le plus haut rang de chaque appareil), en JSON : le formulaire le rend avec ses gestes."""
        return json.dumps(self.reglages["vus"])

    @property
    def url(self) -> str:
        """Où s'envoient les gestes du formulaire."""
        return reverse("evaluation:grille", args=[self.epreuve.id])


@dataclass(frozen=True, slots=True)
class Aides:
    """Ce que les annexes de la version proposent à l'évaluateur : jamais dans une décision."""

    questions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    motifs_de_courrier: tuple[str, ...] = ()
    motifs_de_pause: tuple[str, ...] = ()


SANS_AIDES = Aides()


def page_grille(
    epreuve: VueEpreuve,
    bloc: Bloc,
    grille: GrilleCourante,
    rangs_vus: Mapping[str, int],
    *,
    scellee: bool,
    masquee: bool,
    requis: Mapping[str, int],
    maintenant: datetime,
    personne: UUID,
    gestes: tuple[Geste, ...] = (),
    facon: VueFacon = FACON_DE_DEPART,
    aides: Aides = SANS_AIDES,
    durees: Mapping[str, int] | None = None,
    melange: bool = False,
    questions: bool = False,
    conditions: bool = False,
    hors_ligne: bool = True,
    secrets: Sequence[str] = (),
) -> PageGrille:
    """La page de la grille de cette `personne`.

    `requis` : le seuil de chaque compétence, montré si le règlement ne le cache pas. `durees` : les minutes aménagées, par
    phase. `questions` : montrer la liste de l'entretien. `conditions` : les ouvrir.
    `hors_ligne` : l'organisme du candidat admet que la grille se garde sur l'appareil ; `secrets` : ce qui rouvre alors son
    coffre.
    """
    conflits = {conflit.cible: conflit for conflit in grille.conflits}
    criteres = bloc.criteres()
    renseignes = sum(critere.code in grille.etats for critere in criteres)
    tranches = sum(grille.etats.get(critere.code) in (Etat.VALIDE, Etat.NON_VALIDE) for critere in criteres)
    exigences = {exigence.code: exigence for exigence in bloc.epreuve.exigences}
    comptes = vues_des_comptes(bloc, grille, melange=melange)
    groupes = tuple(
        _groupe(competence, grille, conflits, requis[competence.code], aides, bloc=bloc, masquee=masquee, fige=scellee)
        for competence in bloc.competences()
    )
    par_code = {vue.code: vue for groupe in groupes for vue in groupe.criteres}
    return PageGrille(
        epreuve=epreuve,
        bloc=f"Bloc {bloc.code[1:]} — {bloc.intitule}",
        phases=vues_des_phases(bloc, grille, durees or {}, maintenant),
        comptes=comptes,
        alternatives=tuple(
            Choix("alternative", a.code, a.intitule, pose=grille.alternative == a.code)
            for a in bloc.epreuve.alternatives
        ),
        entretiens=vues_des_entretiens(bloc, grille, melange=melange),
        courriers=tuple(Trace(f"courrier:{cle}", _libelle_courrier(un)) for cle, un in grille.courriers.items())
        if CodeExigence.COURRIERS in exigences
        else None,
        motifs_de_courrier=aides.motifs_de_courrier,
        motifs_de_pause=aides.motifs_de_pause,
        competences=groupes,
        entretien=tuple(par_code[code] for code in ordre_de_l_entretien(bloc, grille)) if questions else None,
        gestes=() if scellee else vues_des_gestes(bloc, gestes),
        sans_document=bloc.epreuve.documents_remis is DocumentsRemis.INTERDITS,
        lieu=grille.lieu,
        conditions=_resume_conditions(bloc, grille),
        conditions_ouvertes=conditions
        or (bool(bloc.epreuve.alternatives) and grille.alternative is None and not scellee),
        resume=f"{renseignes} {'critère renseigné' if renseignes < 2 else 'critères renseignés'} sur {len(criteres)}",
        tout_renseigne=tranches == len(criteres),
        conflits=tuple(vue_conflit(bloc, conflit) for conflit in grille.conflits),
        scellee=scellee,
        facon=facon,
        reglages={
            "faits": reverse("evaluation:faits", args=[epreuve.id]),
            "epreuve": str(epreuve.id),
            "titre": f"{epreuve.dossier.candidat_nom}, bloc {bloc.code[1:]}",
            "norme": epreuve.norme,
            "personne": str(personne),
            "nom": next((e.nom for e in epreuve.evaluateurs if e.personne == personne), ""),
            "hors_ligne": hors_ligne,
            "secrets": list(secrets) if hors_ligne else [],
            "vus": dict(rangs_vus),
            "derniers": {cible: fait.id for cible, fait in grille.reperes.items()},
            "rangs": rangs(bloc),
            "phrases": list(facon.phrases),
            "panel": list(aides.motifs_de_courrier),
            "raccourcis": facon.raccourcis,
            "touches": retenues(seules=facon.raccourcis),
            "prudence": prudence.en_json(),
        },
    )


def _groupe(
    competence: Competence,
    grille: GrilleCourante,
    conflits: Mapping[str, Conflit],
    requis: int,
    aides: Aides,
    *,
    bloc: Bloc,
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
        criteres=tuple(
            VueCritere(
                critere.code,
                competence.code,
                f"bloc-{critere.code.replace('.', '-')}",
                _choix(bloc, critere, grille, conflits, fige=fige),
                questions_du_critere(critere.code, aides.questions.get(critere.code, ()), grille),
            )
            for critere in competence.criteres
        ),
        avancement=f"{pluriel(valides, 'validé')} ; il en faut {requis}"
        if montree
        else f"{renseignes} sur {pluriel(len(etats), 'renseigné')}",
        points=RangeePoints(valides, non_valides, len(etats) - valides - non_valides, requis) if montree else None,
        abordee=Choix(
            f"competence_abordee:{competence.code}",
            "non" if abordee else "oui",
            "Abordée dans l’exposé",
            pose=abordee,
        )
        if demande_un_expose(bloc)
        else None,
        faits=_faits_observes(bloc, competence, grille, conflits, fige=fige),
    )


def _faits_observes(
    bloc: Bloc, competence: Competence, grille: GrilleCourante, conflits: Mapping[str, Conflit], *, fige: bool
) -> FaitsObserves | None:
    cible = f"commentaire:{competence.code}"
    texte = grille.commentaires.get(competence.code, "")
    if fige and not texte:
        return None
    return FaitsObserves(
        identifiant=competence.code.replace(".", "-"),
        nom=cible,
        texte=texte,
        conflit=indication_du_conflit(bloc, conflits.get(cible)),
        alerte=prudence.avertissement(texte),
        fige=fige,
    )


def _choix(
    bloc: Bloc, critere: Critere, grille: GrilleCourante, conflits: Mapping[str, Conflit], *, fige: bool
) -> ChoixCritere:
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
        signes_du_mot=TEXTE_MAXIMAL,
        indication=indication_du_conflit(bloc, conflits.get(f"critere:{critere.code}"))
        or prudence.avertissement(mot)
        or (A_DEMANDER if etat is Etat.NON_OBSERVE else ""),
        fige=fige,
    )


def _libelle_courrier(courrier: Courrier) -> str:
    return f"{courrier.motif or 'Sans motif'}{'' if courrier.preselectionne else ' (hors du panel)'}"


def _resume_conditions(bloc: Bloc, grille: GrilleCourante) -> str:
    """« Accueil physique », une fois la voie choisie : les jauges du haut comptent le reste."""
    return next((a.intitule for a in bloc.epreuve.alternatives if a.code == grille.alternative), "")
