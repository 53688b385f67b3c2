"""Toutes les lectures : sa propre grille, l'état des deux lectures, ce qui diffère, le résultat et le verdict.

Une seule fonction du moteur décide de qui voit quelle lecture (`lectures_aveugles.visibles`) ; tout passe par elle.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

from moteur.conditions import Conditions
from moteur.decision import Decision, DecisionBloc, decider
from moteur.faits import Fait as FaitDuMoteur
from moteur.grille import Courrier, GrilleCourante, grille_courante
from moteur.referentiel import Bloc
from moteur.regles import lectures_aveugles
from moteur.vocabulaire import Etat
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.selectors import Droits
from parchemin.convocations.enums import ATTENDENT, Qualite
from parchemin.convocations.selectors import VueEpreuve, epreuve_par_id, incidents_consignes, juge_encore
from parchemin.evaluation.enums import NatureResultat
from parchemin.evaluation.models import Fait, Lecture, Resultat
from parchemin.evaluation.selectors.papier import papiers_lisibles
from parchemin.parcours.selectors import VueBlocAcquis, VueDossier, blocs_acquis, durees_accordees
from parchemin.referentiels.selectors import Reglement, norme, reglement_en_vigueur, version_d_empreinte
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil


@dataclass(frozen=True, slots=True)
class EtatLecture:
    """Où en est un évaluateur : rien d'autre que « scellée le », tant que l'autre n'a pas scellé.

    `contresignee` : c'est la lecture de l'autre, contresignée. `apres_lecture` : scellée par qui avait pu en lire une autre.
    """

    qualite: Qualite
    evaluateur: UUID
    nom: str
    scellee_le: datetime | None
    contresignee: bool = False
    apres_lecture: bool = False


@dataclass(frozen=True, slots=True)
class VueLecture:
    """Une lecture scellée que le lecteur peut lire. `durees` : les minutes aménagées sous lesquelles elle fut scellée.

    `contresignee` : c'est celle de l'autre, contresignée ; `apres_lecture` : son auteur avait pu en lire une autre.
    """

    qualite: Qualite
    evaluateur: UUID
    empreinte: str
    etats: Mapping[str, Etat]
    commentaires: Mapping[str, str]
    conditions: Conditions
    durees: Mapping[str, int]
    contresignee: bool
    apres_lecture: bool


@dataclass(frozen=True, slots=True)
class VueResultat:
    """Le résultat scellé d'une épreuve. `etats` : les critères réglés ; ceux laissés au jury n'y sont pas.

    `conditions` : pour chaque condition qui différait, la qualité dont la lecture fait foi, ou « desaccord ». `durees` : les
    minutes aménagées du candidat, par phase. `apres_lecture` : les lectures dont l'auteur avait pu en lire une autre.
    `incidents` : quand il en fut consigné, hors du sceau.
    """

    epreuve: UUID
    bloc: str
    nature: NatureResultat
    etabli_le: datetime
    empreinte: str
    etats: Mapping[str, Etat]
    lectures: Mapping[str, str]
    differaient: tuple[str, ...]
    conditions: Mapping[str, str]
    exceptions: tuple[ExceptionScellee, ...]
    durees: Mapping[str, int]
    apres_lecture: tuple[Qualite, ...]
    incidents: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class ExceptionScellee:
    """Une condition non remplie, scellée avec son motif : elle va au procès-verbal."""

    qualite: Qualite
    condition: str
    motif: str


def bloc_de(lecteur: Acteur, epreuve: VueEpreuve) -> Bloc:
    """Le bloc que juge cette épreuve, dans la norme dont elle porte l'empreinte."""
    return norme(lecteur, epreuve.norme).bloc(epreuve.bloc)


def reglement_du_jour(lecteur: Acteur, epreuve: VueEpreuve, maintenant: datetime) -> Reglement:
    """Le règlement en vigueur aujourd'hui pour la version que juge l'épreuve."""
    return reglement_en_vigueur(lecteur, version_d_empreinte(lecteur, epreuve.norme), jour_civil(maintenant))


def exceptions_permises(reglement: Reglement) -> bool:
    """Vrai si une condition non remplie peut se sceller avec un motif (un règlement d'avant ce réglage le permet)."""
    return bool(reglement.valeur("exceptions_aux_conditions", "motivee") == "motivee")


# La grille ----------------------------------------------------------------------------------------------------------


def faits(lecteur: Acteur, epreuve: UUID) -> tuple[FaitDuMoteur, ...]:
    """Les faits du lecteur sur cette épreuve, et d'elle seule, dans l'ordre de leur arrivée."""
    lignes = Fait.objects.filter(epreuve_id=epreuve, evaluateur_id=lecteur.id).order_by("recu_le", "appareil", "rang")
    return tuple(fait_du_moteur(ligne) for ligne in lignes)


def grille(lecteur: Acteur, epreuve: UUID) -> GrilleCourante:
    """La grille courante du lecteur. Une requête."""
    return grille_courante(faits(lecteur, epreuve))


def fait_du_moteur(ligne: Fait) -> FaitDuMoteur:
    """Une ligne, comme le moteur la lit."""
    return FaitDuMoteur(
        id=str(ligne.pk),
        epreuve=str(ligne.epreuve_id),
        evaluateur=str(ligne.evaluateur_id),
        appareil=str(ligne.appareil),
        rang=ligne.rang,
        cible=ligne.cible,
        valeur=ligne.valeur,
        remplace=str(ligne.remplace) if ligne.remplace else None,
        vus=ligne.vus,
        mural=ligne.mural,
        monotone_ms=ligne.monotone_ms,
        norme=ligne.norme,
    )


def rangs_des_appareils(faits_connus: Iterable[FaitDuMoteur]) -> dict[str, int]:
    """Le plus haut rang connu de chaque appareil : ce qu'un nouveau geste, fait ici, a « vu »."""
    rangs: dict[str, int] = {}
    for fait in faits_connus:
        rangs[fait.appareil] = max(rangs.get(fait.appareil, 0), fait.rang)
    return rangs


def durees_amenagees(lecteur: Acteur, epreuve: VueEpreuve) -> Mapping[str, int]:
    """Les minutes accordées au candidat pour cette épreuve, par phase : jamais pourquoi. Pour qui ouvre cette épreuve.

    Dès qu'une lecture est scellée, celles sous lesquelles elle le fut : ce qui s'accorde ensuite ne change plus cette épreuve,
    et les deux évaluateurs jugent sous les mêmes durées.
    """
    scellee = Lecture.objects.filter(epreuve_id=epreuve.id).order_by("scellee_le", "pk").first()
    if scellee is not None:
        return _vue_lecture(scellee).durees
    return durees_accordees(lecteur, epreuve.dossier.id).get(epreuve.bloc, {})


# Les lectures -------------------------------------------------------------------------------------------------------


def etat_des_lectures(lecteur: Acteur, epreuve: VueEpreuve) -> tuple[EtatLecture, ...]:
    """Qui a scellé, et quand : tout ce qui se dit d'une lecture avant que les deux soient scellées."""
    scellees = {
        ligne.qualite: (ligne.scellee_le, vue.contresignee, vue.apres_lecture)
        for ligne in Lecture.objects.filter(epreuve_id=epreuve.id).order_by()
        for vue in (_vue_lecture(ligne),)
    }
    return tuple(
        EtatLecture(e.qualite, e.personne, e.nom, *scellees.get(e.qualite.value, (None, False, False)))
        for e in epreuve.evaluateurs
    )


def lectures_visibles(lecteur: Acteur, droits: Droits, epreuve: VueEpreuve) -> dict[Qualite, VueLecture]:
    """Les lectures scellées que ce lecteur peut lire ; les commentaires ne s'ouvrent qu'aux deux évaluateurs."""
    lignes = {Qualite(ligne.qualite): ligne for ligne in Lecture.objects.filter(epreuve_id=epreuve.id).order_by("pk")}
    situation = _situation(lecteur, droits, epreuve, frozenset(lignes))
    ouvertes = lectures_aveugles.visibles(tuple(Qualite), **situation)
    vues = {qualite: _vue_lecture(lignes[qualite]) for qualite in ouvertes if qualite in lignes}
    return vues if situation["la_sienne"] else {qualite: sans_commentaires(vue) for qualite, vue in vues.items()}


def lectures_deja_ouvertes(lecteur: Acteur, droits: Droits, epreuve: VueEpreuve) -> tuple[str, ...]:
    """Les empreintes de ce que le lecteur pouvait lire d'un autre avant de sceller la sienne, sur ce bloc, ici ou à une épreuve d'avant.

    En lecture commune, ou d'une grille papier ; vide sinon : seul ce que l'on scelle en aveugle est une lecture indépendante.
    """
    lignes: dict[UUID, dict[Qualite, str]] = {}
    for ligne in Lecture.objects.filter(epreuve__dossier_id=epreuve.dossier.id, epreuve__bloc=epreuve.bloc):
        lignes.setdefault(ligne.epreuve_id, {})[Qualite(ligne.qualite)] = ligne.empreinte
    ouvertes = {
        scellees[qualite]
        for identifiant, scellees in lignes.items()
        for qualite in lectures_aveugles.lues_avant(
            tuple(Qualite),
            **_situation(lecteur, droits, epreuve_par_id(lecteur, identifiant), frozenset(scellees)),
        )
    }
    papiers = papiers_lisibles(lecteur, epreuve, [lecteur.id]).get(lecteur.id, ())
    return tuple(sorted(ouvertes.union(papiers)))


class _Situation(TypedDict):
    """Ce que `lectures_aveugles` demande de quelqu'un devant une épreuve."""

    scellees: frozenset[Qualite]
    la_sienne: Qualite | None
    instruit: bool
    commune: bool


def _situation(lecteur: Acteur, droits: Droits, epreuve: VueEpreuve, scellees: frozenset[Qualite]) -> _Situation:
    la_sienne = epreuve.qualite_de(lecteur.id)
    return {
        "scellees": scellees,
        "la_sienne": la_sienne,
        "instruit": droits.couvre(NatureRole.GESTIONNAIRE, epreuve.dossier.organisme, epreuve.dossier.referentiel_code),
        "commune": 0 < len(scellees) < len(Qualite) and la_sienne is not None and lecture_commune(lecteur, epreuve),
    }


def lecture_commune(lecteur: Acteur, epreuve: VueEpreuve) -> bool:
    """Vrai si le règlement du jour de l'épreuve demande une seule grille, tenue par l'un et contresignée par l'autre."""
    return bool(reglement_du_jour(lecteur, epreuve, epreuve.prevue_le).valeur("lecture") == "lecture_commune")


def lecture_a_contresigner(lecteur: Acteur, droits: Droits, epreuve: VueEpreuve) -> VueLecture | None:
    """La lecture commune que le lecteur, second évaluateur, peut contresigner ; `None` s'il n'y en a pas."""
    qualite = epreuve.qualite_de(lecteur.id)
    if qualite is None or epreuve.etat != "en_cours":
        return None
    vues = lectures_visibles(lecteur, droits, epreuve)
    return None if qualite in vues else next(iter(vues.values()), None)


def sans_commentaires(vue: VueLecture) -> VueLecture:
    """La même lecture, pour qui ne lit pas les mots des évaluateurs ; les motifs d'exception, eux, vont au procès-verbal."""
    return replace(vue, commentaires={})


def lectures_scellees(epreuve: UUID) -> dict[Qualite, VueLecture]:
    """Les lectures scellées, sans contrôle de vue : pour les services, qui ne montrent rien."""
    return {Qualite(ligne.qualite): _vue_lecture(ligne) for ligne in Lecture.objects.filter(epreuve_id=epreuve)}


def _vue_lecture(ligne: Lecture) -> VueLecture:
    contenu = json.loads(ligne.canonique)
    return VueLecture(
        qualite=Qualite(ligne.qualite),
        evaluateur=ligne.evaluateur_id,
        empreinte=ligne.empreinte,
        etats={code: Etat(etat) for code, etat in contenu["criteres"].items()},
        commentaires=contenu["commentaires"],
        conditions=conditions_lues(contenu["conditions"]),
        durees=contenu.get("durees_amenagees", {}),
        contresignee="contresigne" in contenu,
        apres_lecture=bool(contenu.get("apres_lecture")),
    )


def conditions_lues(contenu: Mapping[str, Any]) -> Conditions:
    """Les conditions d'une lecture scellée, telles que le moteur les compare."""
    return Conditions(
        alternative=contenu["alternative"],
        entretiens=tuple(contenu["entretiens"]),
        courriers=tuple(Courrier(c["motif"], c["preselectionne"]) for c in contenu["courriers"]),
        competences_abordees=frozenset(contenu["competences_abordees"]),
        phases_ms=contenu["phases_ms"],
        exceptions={e["condition"]: e["motif"] for e in contenu.get("exceptions", ())},
    )


# Les résultats ------------------------------------------------------------------------------------------------------


def resultat(lecteur: Acteur, epreuve: UUID) -> VueResultat | None:
    """Le résultat scellé d'une épreuve ouverte au lecteur."""
    ligne = Resultat.objects.filter(epreuve_id=epreuve).first()
    return None if ligne is None else _vue_resultat(ligne, incidents_consignes(lecteur, [epreuve]))


def resultats_du_dossier(lecteur: Acteur, dossier: UUID) -> dict[str, VueResultat]:
    """Tous les résultats scellés d'un dossier, par bloc : pour les services ; une page prend `resultats_visibles`."""
    lignes = list(Resultat.objects.filter(epreuve__dossier_id=dossier).order_by("etabli_le"))
    consignes = incidents_consignes(lecteur, [ligne.epreuve_id for ligne in lignes]) if lignes else {}
    return {vue.bloc: vue for vue in (_vue_resultat(ligne, consignes) for ligne in lignes)}


def resultats_visibles(lecteur: Acteur, dossier: VueDossier) -> dict[str, VueResultat]:
    """Les résultats scellés d'un dossier ouvert au lecteur, par bloc.

    Aucun pour qui juge encore ce candidat : le résultat d'un autre bloc pèserait sur sa lecture.
    """
    return {} if resultats_masques(lecteur, dossier) else resultats_du_dossier(lecteur, dossier.id)


def resultats_masques(lecteur: Acteur, dossier: VueDossier) -> bool:
    """Vrai pour qui juge encore ce candidat, et n'est ni lui, ni son tuteur, ni son manager."""
    accompagne = lecteur.id in (dossier.candidat, dossier.tuteur, dossier.manager)
    return not accompagne and juge_encore(lecteur, dossier.id)


def resultat_masque(lecteur: Acteur, epreuve: VueEpreuve) -> bool:
    """Vrai si ce que cette épreuve a donné (lectures, résultat, second regard) se cache au lecteur : il juge encore ce candidat.

    Qui l'évalue garde la sienne. Aucune requête avant les deux sceaux : il n'y a rien à cacher.
    """
    if epreuve.etat in ATTENDENT or epreuve.qualite_de(lecteur.id) is not None:
        return False
    return resultats_masques(lecteur, epreuve.dossier)


def _vue_resultat(ligne: Resultat, consignes: Mapping[UUID, tuple[datetime, ...]]) -> VueResultat:
    contenu: dict[str, Any] = json.loads(ligne.canonique)
    return VueResultat(
        epreuve=ligne.epreuve_id,
        bloc=contenu["bloc"],
        nature=NatureResultat(ligne.nature),
        etabli_le=ligne.etabli_le,
        empreinte=ligne.empreinte,
        etats={code: Etat(etat) for code, etat in contenu["criteres"].items()},
        lectures=contenu["lectures"],
        differaient=tuple(contenu["differaient"]),
        conditions=contenu.get("conditions", {}),
        exceptions=tuple(
            ExceptionScellee(Qualite(e["qualite"]), e["condition"], e["motif"]) for e in contenu.get("exceptions", ())
        ),
        durees=contenu.get("durees_amenagees", {}),
        apres_lecture=tuple(map(Qualite, contenu.get("apres_lecture", ()))),
        incidents=consignes.get(ligne.epreuve_id, ()),
    )


type Acquis = Mapping[str, VueBlocAcquis]
"""Les blocs acquis autrement d'un dossier, par code (`parcours.selectors.blocs_acquis`)."""


def acquis_du_dossier(lecteur: Acteur, dossier: VueDossier) -> Acquis:
    """Les blocs que ce candidat tient déjà (équivalence, reprise du papier, dispense) : ils ne se jugent pas ici."""
    return blocs_acquis(lecteur, [dossier]).get(dossier.id, {})


def entree_du_verdict(dossier: VueDossier, resultats: Mapping[str, VueResultat], acquis: Acquis) -> dict[str, Any]:
    """L'entrée de `parchemin verdict` pour ce dossier : ses résultats scellés, ce qui est acquis autrement, rien d'autre."""
    entree: dict[str, Any] = {
        "id": str(dossier.id),
        "referentiel": dossier.referentiel,
        "criteres": {code: etat.value for vue in resultats.values() for code, etat in vue.etats.items()},
    }
    if acquis:
        entree["blocs_acquis"] = {code: une.origine.value for code, une in acquis.items()}
    return entree


def verdict_du_dossier(
    lecteur: Acteur, dossier: VueDossier, resultats: Mapping[str, VueResultat], acquis: Acquis
) -> tuple[Decision, dict[str, Any]]:
    """La décision du moteur sur les résultats scellés et les blocs acquis autrement, et l'entrée de `parchemin verdict` qui la refait.

    Quand tous les blocs du référentiel ne sont ni demandés ni acquis, `blocs` limite le verdict à ceux qui le sont.
    """
    arbre = norme(lecteur, dossier.norme_empreinte)
    entree = entree_du_verdict(dossier, resultats, acquis)
    tous = tuple(bloc.code for bloc in arbre.blocs)
    blocs = tuple(code for code in tous if code in dossier.blocs or code in acquis)
    if blocs != tous:
        entree["blocs"] = list(blocs)
    etats = {code: etat for vue in resultats.values() for code, etat in vue.etats.items()}
    origines = {code: une.origine.value for code, une in acquis.items()}
    return decider(arbre, etats, blocs=None if blocs == tous else blocs, blocs_acquis=origines), entree


def reste_a_juger(dossier: VueDossier, resultats: Mapping[str, VueResultat], acquis: Acquis) -> tuple[str, ...]:
    """Les blocs demandés qui n'ont encore ni résultat, ni autre raison d'être acquis."""
    return tuple(bloc for bloc in dossier.blocs if bloc not in resultats and bloc not in acquis)


def decision_du_bloc(lecteur: Acteur, epreuve: VueEpreuve, resultat: VueResultat) -> DecisionBloc:
    """La décision du moteur sur le seul bloc de cette épreuve, d'après son résultat scellé."""
    return decider(norme(lecteur, epreuve.norme), resultat.etats, blocs=(epreuve.bloc,)).bloc(epreuve.bloc)


def grilles_commencees(lecteur: Acteur, epreuves: Iterable[UUID]) -> frozenset[UUID]:
    """Parmi ces épreuves, celles où le lecteur a lui-même noté quelque chose. Une requête."""
    lignes = Fait.objects.filter(epreuve_id__in=set(epreuves), evaluateur_id=lecteur.id).order_by()
    return frozenset(lignes.values_list("epreuve_id", flat=True).distinct())


def lectures_closes(lecteur: Acteur, epreuves: Iterable[UUID]) -> frozenset[UUID]:
    """Parmi ces épreuves, celles dont le lecteur a scellé sa propre lecture."""
    lignes = Lecture.objects.filter(epreuve_id__in=set(epreuves), evaluateur_id=lecteur.id).order_by()
    return frozenset(lignes.values_list("epreuve_id", flat=True))
