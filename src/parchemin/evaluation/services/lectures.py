"""Clore sa grille : elle devient une lecture scellée, ou un refus qui dit tout ce qui manque."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from moteur.empreinte import canonique, empreinte
from moteur.grille import GrilleCourante, grille_courante
from moteur.referentiel import Bloc
from moteur.regles.carences import a_lever
from moteur.regles.exception_motivee import restants, retenues
from moteur.regles.grille_complete import manques
from parchemin.comptes.selectors import droits
from parchemin.comptes.services import chaine_organisme
from parchemin.convocations.enums import Qualite
from parchemin.convocations.selectors import VueEpreuve, epreuve_par_id
from parchemin.convocations.services import commencer_epreuve, passer_epreuve, verifier_evaluateur, verrouiller_epreuve
from parchemin.evaluation.enums import Action
from parchemin.evaluation.evenements import LectureScellee
from parchemin.evaluation.models import Lecture
from parchemin.evaluation.permissions import verifier_lit_en_aveugle
from parchemin.evaluation.sceaux import sceau_lecture
from parchemin.evaluation.selectors import (
    bloc_de,
    durees_amenagees,
    exceptions_permises,
    faits,
    lecture_commune,
    lectures_deja_ouvertes,
    lectures_scellees,
    reglement_du_jour,
)
from parchemin.evaluation.services.resultats import etablir_resultat
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.annonces import annoncer
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Refus


def verifier_ouverture(*, epreuve: VueEpreuve, lecteur: Acteur, maintenant: datetime) -> Qualite:
    """La qualité en laquelle le lecteur ouvre cette grille, son indépendance revérifiée. N'écrit rien.

    Lève `Introuvable`, `RefusDroit` (plus admissible, ou `a_ressaisi`), `Refus("epreuve_fermee")`.
    """
    qualite = verifier_evaluateur(lecteur, epreuve, maintenant)
    verifier_lit_en_aveugle(lecteur.id, epreuve.id)
    if epreuve.etat in ("a_planifier", "annulee"):
        raise Refus("epreuve_fermee", "Cette épreuve n'est pas ouverte : sa grille ne se remplit pas.")
    return qualite


def clore_lecture(
    *, epreuve: UUID, auteur: Acteur, maintenant: datetime, exceptions: Mapping[str, str] = MappingProxyType({})
) -> bool:
    """Scelle la grille de l'auteur. Vrai si elle vient de l'être, faux si elle l'était déjà.

    `exceptions` : pour une condition non remplie (`entretiens`, `phase:observation`…), le motif pour lequel on scelle
    quand même, si le règlement le permet ; il va au procès-verbal. Qui pouvait lire une autre grille de ce bloc scelle la
    sienne ainsi marquée (`apres_lecture`). La seconde lecture scellée ouvre l'accord : sur ce qui
    diffère, ou, si rien ne diffère, un geste de confirmation chacun. Lève `Introuvable`, `RefusDroit`, et `Refus` :
    `grille_incomplete` (ses `details` disent tout ce qui manque), `epreuve_suspendue`, `epreuve_fermee`.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.LECTURE_SCELLEE) as journal:
        verrouiller_epreuve(epreuve)
        vue = epreuve_par_id(auteur, epreuve)
        qualite = verifier_evaluateur(auteur, vue, maintenant)
        if Lecture.objects.filter(epreuve_id=epreuve, evaluateur_id=auteur.id).exists():
            journal.rien_a_inscrire()
            return False
        if vue.etat == "suspendue":
            raise Refus(
                "epreuve_suspendue",
                "L'épreuve est suspendue : votre grille se scellera quand le gestionnaire l'aura reprise.",
                conserve="Tout ce que vous avez renseigné est enregistré.",
            )
        if vue.etat not in ("affectee", "en_cours") or not vue.dossier.ouvert:
            raise Refus("epreuve_fermee", "Cette épreuve n'est pas ouverte : sa grille ne se clôt pas.")
        verifier_lit_en_aveugle(auteur.id, epreuve)
        bloc = bloc_de(auteur, vue)
        gestes = faits(auteur, epreuve)
        courante = grille_courante(gestes)
        reglement = reglement_du_jour(auteur, vue, maintenant)
        durees = durees_amenagees(auteur, vue)
        trouves = a_lever(
            manques(
                bloc,
                courante,
                durees_adaptees=durees,
                melange=reglement.valeur("melange_des_branches") == "permis",
            ),
            remplacant=vue.est_remplacant(auteur.id),
        )
        permises = exceptions_permises(reglement)
        manquants = restants(trouves, exceptions, permises=permises)
        if manquants:
            raise Refus(
                "grille_incomplete",
                "La grille n'est pas complète : il reste à la finir avant de la clore.",
                conserve="Tout ce que vous avez renseigné est enregistré.",
                details=tuple(manque.message for manque in manquants),
            )
        excuses = retenues(trouves, exceptions, permises=permises)
        lecture = _sceller(
            vue,
            qualite,
            bloc,
            courante,
            [fait.id for fait in gestes],
            excuses,
            durees,
            lectures_deja_ouvertes(auteur, droits(auteur, jour_civil(maintenant)), vue),
            auteur,
            maintenant,
        )
        journal.inscrire(
            objet=("epreuve", epreuve),
            donnees={"qualite": qualite, "lecture": lecture.pk},
            scelles=[sceau_lecture(lecture)],
            chaine=chaine_organisme(vue.dossier.organisme),
        )
        annoncer(LectureScellee(epreuve, auteur.id, maintenant))
        # une épreuve reprise avant ses premiers gestes peut n'être encore qu'affectée
        commencer_epreuve(epreuve=vue, auteur=auteur, maintenant=maintenant)
        if len(lectures_scellees(epreuve)) == len(Qualite):
            passer_epreuve(epreuve=epreuve, vers="lectures_scellees", auteur=auteur, maintenant=maintenant)
    return True


def contresigner(*, epreuve: UUID, auteur: Acteur, maintenant: datetime) -> bool:
    """Contresigne la lecture commune que l'autre évaluateur a scellée : le résultat s'établit. Faux si c'était déjà fait.

    Quand le règlement le demande seulement (réglage « lecture »). Qui n'est pas d'accord remplit et scelle sa propre grille :
    ce qui diffère se règle alors comme ailleurs. Lève `Introuvable`, `RefusDroit`, et `Refus` : `lecture_non_commune`,
    `rien_a_contresigner`, `epreuve_fermee`.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.LECTURE_CONTRESIGNEE) as journal:
        verrouiller_epreuve(epreuve)
        vue = epreuve_par_id(auteur, epreuve)
        qualite = verifier_evaluateur(auteur, vue, maintenant)
        if Lecture.objects.filter(epreuve_id=epreuve, evaluateur_id=auteur.id).exists():
            journal.rien_a_inscrire()
            return False
        if not lecture_commune(auteur, vue):
            raise Refus(
                "lecture_non_commune", "Le règlement demande deux lectures : chacun remplit et scelle la sienne."
            )
        if vue.etat != "en_cours" or not vue.dossier.ouvert:
            raise Refus("epreuve_fermee", "Cette épreuve n'est pas ouverte : rien ne s'y contresigne.")
        tenue = Lecture.objects.filter(epreuve_id=epreuve).first()
        if tenue is None:
            raise Refus("rien_a_contresigner", "La grille commune n'est pas encore scellée par qui la tient.")
        contenu = json.loads(tenue.canonique) | {
            "apres_lecture": [tenue.empreinte],
            "contresigne": tenue.empreinte,
            "evaluateur": str(auteur.id),
            "qualite": qualite.value,
            "scellee_le": maintenant.isoformat(timespec="milliseconds"),
            "sel": secrets.token_hex(16),
        }
        lecture = _garder(vue, qualite, contenu, auteur, maintenant)
        journal.inscrire(
            objet=("epreuve", epreuve),
            donnees={"qualite": qualite, "lecture": lecture.pk},
            scelles=[sceau_lecture(lecture)],
            chaine=chaine_organisme(vue.dossier.organisme),
        )
        passer_epreuve(epreuve=epreuve, vers="lectures_scellees", auteur=auteur, maintenant=maintenant)
        etablir_resultat(epreuve=epreuve_par_id(auteur, epreuve), auteur=auteur, maintenant=maintenant, commune=True)
    return True


def _sceller(
    vue: VueEpreuve,
    qualite: Qualite,
    bloc: Bloc,
    courante: GrilleCourante,
    gestes: list[str],
    excuses: Mapping[str, str],
    durees: Mapping[str, int],
    deja_ouvertes: Sequence[str],
    auteur: Acteur,
    maintenant: datetime,
) -> Lecture:
    sel = secrets.token_hex(16)
    contenu: dict[str, Any] = {
        "apres_lecture": list(deja_ouvertes),
        "bloc": bloc.code,
        "commentaires": dict(courante.commentaires),
        "conditions": {
            "alternative": courante.alternative,
            "competences_abordees": sorted(courante.competences_abordees),
            "courriers": [
                {"motif": courrier.motif, "preselectionne": courrier.preselectionne}
                for _, courrier in sorted(courante.courriers.items())
            ],
            "exceptions": [{"condition": code, "motif": motif} for code, motif in sorted(excuses.items())],
            "entretiens": [voie for _, voie in sorted(courante.entretiens.items())],
            "lieu": courante.lieu,
            "pauses": {
                code: [{"duree_ms": pause.duree_ms, "motif": pause.motif} for pause in temps.pauses]
                for code, temps in courante.phases.items()
                if temps.pauses
            },
            "phases_ms": {code: temps.duree_ms for code, temps in courante.phases.items()},
            "questions": {code: sorted(textes.values()) for code, textes in courante.questions.items() if textes},
        },
        "criteres": {critere.code: courante.etats[critere.code].value for critere in bloc.criteres()},
        "durees_amenagees": dict(durees),
        "epreuve": str(vue.id),
        "evaluateur": str(auteur.id),
        "faits": sorted(gestes),
        "norme": vue.norme,
        "qualite": qualite.value,
        "scellee_le": maintenant.isoformat(timespec="milliseconds"),
        "sel": sel,
    }
    return _garder(vue, qualite, contenu, auteur, maintenant)


def _garder(
    vue: VueEpreuve, qualite: Qualite, contenu: dict[str, Any], auteur: Acteur, maintenant: datetime
) -> Lecture:
    return Lecture.objects.create(
        epreuve_id=vue.id,
        evaluateur_id=auteur.id,
        qualite=qualite,
        scellee_le=maintenant,
        norme=vue.norme,
        sel=contenu["sel"],
        canonique=canonique(contenu).decode("utf-8"),
        empreinte=empreinte(contenu),
    )
