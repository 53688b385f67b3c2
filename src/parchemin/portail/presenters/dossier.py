"""Le dossier d'un candidat : la part de chaque capacité, bloc par bloc, et qui a la main."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse

from moteur.etats import EPREUVE
from parchemin.carnet import selectors as carnet
from parchemin.carnet.presenters import balle as balle_du_carnet
from parchemin.carnet.presenters import dispense_en_phrase, repudiation_en_phrase
from parchemin.carnet.selectors import Avancement, VueCarnet
from parchemin.comptes.selectors import Droits
from parchemin.convocations import selectors as epreuves
from parchemin.convocations.permissions import peut_planifier
from parchemin.convocations.presenters import incidents_au_jury, lien_d_agenda, phrases_au_jury
from parchemin.convocations.selectors import A_EVALUER, VueEpreuve
from parchemin.evaluation import selectors as evaluation
from parchemin.evaluation.presenters import (
    CarteBloc,
    balle_du_dossier,
    carte_acquise,
    carte_bloc,
    carte_en_attente,
    regards_par_bloc,
)
from parchemin.evaluation.selectors import VueSecondRegard
from parchemin.parcours import presenters as parcours
from parchemin.parcours.enums import Voie
from parchemin.parcours.permissions import peut_gerer_dossier
from parchemin.parcours.presenters import CarteAcquis, CarteVae, PartDossier, durees_du_dossier
from parchemin.parcours.selectors import CARNET_OUVERT, VueDossier, acquisitions, regard
from parchemin.referentiels.selectors import norme
from parchemin.registre.consultations import Regard
from parchemin.registre.enums import PageConsultee
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import ATTESTATIONS, Balle, Lien, RangeePoints, Statut, Ton
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import date_courte


@dataclass(frozen=True, slots=True)
class CarteCarnet:
    """Le carnet, en une carte."""

    resume: str
    points: RangeePoints
    url: str


@dataclass(frozen=True, slots=True)
class LigneEpreuve:
    """Les évaluateurs d'un bloc ; `url` est vide pour qui n'ouvre pas cette épreuve (l'évaluateur d'un autre bloc)."""

    bloc: str
    url: str
    quand: str
    evaluateurs: str


@dataclass(frozen=True, slots=True)
class PageDossier:
    """Toute la page."""

    part: PartDossier
    balle: Balle
    blocs: tuple[CarteBloc, ...]
    carnet: CarteCarnet | None
    epreuves: tuple[LigneEpreuve, ...]
    url_resultat: str
    url_releve: str
    certification: Statut | None
    regard: Regard
    a_dire_au_jury: tuple[str, ...] = ()
    vae: CarteVae | None = None
    acquis: CarteAcquis | None = None
    durees: tuple[tuple[str, str], ...] = ()
    agenda: Lien | None = None
    """Les heures de travail du candidat, où ses épreuves se placent : pour lui, et pour qui les planifie."""


def page_dossier(acteur: Acteur, droits: Droits, identifiant: UUID, maintenant: datetime) -> PageDossier:
    """La page d'un dossier ouvert au lecteur, ou dont il évalue une épreuve. Lève `Introuvable` sinon."""
    jour = jour_civil(maintenant)
    vue = epreuves.dossier_du_lecteur(acteur, identifiant, jour_civil(maintenant))
    arbre = norme(acteur, vue.norme_empreinte)
    part = parcours.part_dossier(acteur, droits, vue, jour)
    resultats = evaluation.resultats_visibles(acteur, vue)
    tenus = acquisitions(acteur, vue, jour)
    acquis = tenus.acquis
    decision, _ = evaluation.verdict_du_dossier(acteur, vue, resultats, acquis)
    par_bloc = epreuves.epreuves_du_dossier(acteur, vue.id)
    ouvertes = epreuves.epreuves_ouvertes(acteur, [epreuve.id for epreuve in par_bloc.values()], jour)
    le_carnet = carnet.carnet(acteur, vue.id)
    avancement = le_carnet.avancement() if le_carnet else None
    gere = peut_planifier(droits, vue)
    regards = evaluation.seconds_regards_visibles(acteur, vue, resultats)
    dits = regards_par_bloc(acteur, regards, gere=gere)
    attendus = {bloc for bloc, relu in regards.items() if relu.ouvert}  # ceux-là se lisent d'abord
    cartes = tuple(
        carte_acquise(arbre.bloc(b.code), acquis[b.code])
        if b.code in acquis
        else carte_bloc(arbre.bloc(b.code), b, resultats[b.code], part.courts, dits.get(b.code))
        if b.code in resultats
        else carte_en_attente(
            arbre.bloc(b.code),
            *_attente(
                acteur,
                vue,
                b.code,
                par_bloc.get(b.code),
                le_carnet.avancement(b.code) if le_carnet else None,
                ouvertes,
                gere=gere,
            ),
        )
        for b in sorted(decision.blocs, key=lambda b: b.code not in attendus)
        if b.code in vue.blocs or b.code in acquis
    )
    complet = decision.certification is not None and not evaluation.reste_a_juger(vue, resultats, acquis)
    repudiations = carnet.repudiations(acteur, vue.id) if gere and le_carnet else ()
    au_jury = epreuves.signalements(acteur, vue, par_bloc.values(), jour) if gere else ()
    return PageDossier(
        regard=regard(vue, PageConsultee.DOSSIER),
        a_dire_au_jury=(
            *phrases_au_jury(au_jury),
            *_incidents_au_jury(acteur, par_bloc, gere=gere),
            *(_dispenses(le_carnet) if gere else ()),
            *map(repudiation_en_phrase, repudiations),
        ),
        vae=parcours.carte_vae(acteur, droits, vue, jour),
        acquis=parcours.carte_acquis(acteur, droits, vue, tenus, jour),
        durees=durees_du_dossier(acteur, vue)
        if acteur.id == vue.candidat or peut_gerer_dossier(droits, vue.organisme, vue.referentiel_code)
        else (),
        agenda=lien_d_agenda(acteur, vue.candidat, vue.candidat_nom)
        if vue.etat in A_EVALUER and (gere or acteur.id == vue.candidat)
        else None,
        part=part,
        balle=_balle(
            acteur,
            droits,
            vue,
            part,
            avancement,
            par_bloc.values(),
            regards,
            jour,
            gere=gere,
            sans_gel=gere and all(une.levee_le for une in repudiations),
        ),
        blocs=cartes,
        carnet=_carte_carnet(vue, avancement) if avancement else None,
        epreuves=tuple(
            LigneEpreuve(
                bloc=f"Bloc {code[1:]}",
                url=reverse("evaluation:voir", args=[epreuve.id]) if epreuve.id in ouvertes else "",
                quand=f"{date_courte(epreuve.jour)}, {epreuve.heure}",
                evaluateurs=", ".join(e.nom for e in epreuve.evaluateurs) or "évaluateurs à affecter",
            )
            for code, epreuve in sorted(par_bloc.items())
        ),
        url_resultat=reverse("evaluation:resultat", args=[vue.id]) if resultats else "",
        url_releve=reverse("evaluation:releve", args=[vue.id]) if resultats else "",
        certification=Statut(Ton.OUI, "tous les blocs sont acquis")
        if complet and decision.certification and decision.certification.acquis
        else None,
    )


def _incidents_au_jury(acteur: Acteur, par_bloc: Mapping[str, VueEpreuve], *, gere: bool) -> tuple[str, ...]:
    """Ce que les gestionnaires portent au jury des incidents consignés après les sceaux. Une requête, puis deux par épreuve qui en a."""
    if not gere:
        return ()
    consignes = epreuves.incidents_consignes(acteur, [epreuve.id for epreuve in par_bloc.values()])
    return tuple(
        phrase
        for code, epreuve in sorted(par_bloc.items())
        if epreuve.id in consignes
        for phrase in incidents_au_jury(epreuves.incidents(acteur, epreuve, gere=True), code)
    )


def _balle(
    acteur: Acteur,
    droits: Droits,
    vue: VueDossier,
    part: PartDossier,
    avancement: Avancement | None,
    des_blocs: Iterable[VueEpreuve],
    regards: Mapping[str, VueSecondRegard],
    jour: date,
    *,
    gere: bool,
    sans_gel: bool,
) -> Balle:
    """Qui a la main : la capacité qui en sait le plus le dit. Entre deux épreuves, c'est encore le carnet.

    `sans_gel` : on sait déjà que rien ne gèle le carnet.
    """
    vives = [epreuve for epreuve in des_blocs if epreuve.etat not in EPREUVE.terminaux]
    if vue.etat == "en_evaluation" and vives:
        attend = min(vives, key=lambda une: une.prevue_le if une.tait_son_debut(acteur.id) else une.depuis)
        return _balle_de_l_epreuve(acteur, attend, jour, gere=gere)
    if avancement and vue.etat in CARNET_OUVERT:
        gele = None if sans_gel else carnet.gel(acteur, vue.id)
        return balle_du_carnet(acteur, droits, vue, avancement, jour, gele)
    if vue.etat == "second_regard":
        return balle_du_dossier(acteur, regards.values(), jour, gere=gere) or part.balle
    return part.balle


def _balle_de_l_epreuve(acteur: Acteur, epreuve: VueEpreuve, jour: date, *, gere: bool) -> Balle:
    """Celle qui attend depuis le plus longtemps, d'après la table des états."""
    tue = epreuve.tait_son_debut(acteur.id)
    ligne = EPREUVE.etat("en_cours" if tue else epreuve.etat)
    return Balle(
        qui=ligne.qui.capitalize(),
        quoi=f"Bloc {epreuve.bloc[1:]} : {ligne.attend[:1].lower()}{ligne.attend[1:]}",
        depuis=None if tue else jour_civil(epreuve.depuis),
        aujourdhui=jour,
        a_vous=gere if ligne.qui == "gestionnaire" else epreuve.qualite_de(acteur.id) is not None,
    )


def _attente(
    acteur: Acteur,
    vue: VueDossier,
    bloc: str,
    epreuve: VueEpreuve | None,
    avancement: Avancement | None,
    ouvertes: frozenset[UUID],
    *,
    gere: bool,
) -> tuple[str, Lien | None]:
    """Où en est un bloc sans résultat, et le geste qui l'avance, s'il est au lecteur."""
    if epreuve is not None:
        quand = f"{date_courte(epreuve.jour)} à {epreuve.heure}"
        phrase = {
            "a_planifier": f"Épreuve le {quand}, {epreuve.lieu} ; les évaluateurs restent à affecter.",
            "affectee": f"Épreuve le {quand}, {epreuve.lieu}.",
            "en_cours": "Épreuve en cours : chaque évaluateur remplit sa grille, seul.",
            "suspendue": "Épreuve suspendue par un incident ; le gestionnaire décide de la suite.",
            "non_evaluee": "Épreuve close sans être allée au bout : le bloc est non évalué, ni acquis ni non acquis.",
            "lectures_scellees": "Les deux lectures sont scellées ; les évaluateurs s’accordent sur ce qui diffère.",
        }.get("affectee" if epreuve.tait_son_debut(acteur.id) else epreuve.etat, epreuve.etat_intitule)
        if epreuve.etat == "non_evaluee" and gere and vue.ouvert:
            adresse = reverse("convocations:planifier", args=[vue.id, bloc])
            return f"{phrase} Une autre peut se planifier.", Lien("Planifier une autre épreuve", adresse)
        voir = Lien("Voir l’épreuve", reverse("evaluation:voir", args=[epreuve.id]))
        return phrase, voir if epreuve.id in ouvertes else None
    if vue.voie == Voie.VAE and vue.etat in ("validation_deposee", "en_evaluation"):
        planifier = Lien("Planifier l’épreuve", reverse("convocations:planifier", args=[vue.id, bloc]))
        return "Le dossier de validation est déposé : l’épreuve peut se planifier.", planifier if gere else None
    if avancement is None or not vue.ouvert or vue.etat in ("recevabilite", "recevable"):
        return "Pas encore d’épreuve.", None
    if avancement.complet:
        planifier = Lien("Planifier l’épreuve", reverse("convocations:planifier", args=[vue.id, bloc]))
        return "Le carnet de ce bloc est complet : l’épreuve peut se planifier.", planifier if gere else None
    if avancement.suffit:
        planifier = Lien("Planifier l’épreuve", reverse("convocations:planifier", args=[vue.id, bloc]))
        return (
            "Le gestionnaire a dispensé du carnet de ce bloc : l’épreuve peut se planifier.",
            planifier if gere else None,
        )
    return f"Carnet : {avancement.completes} sur {avancement.lignes} compétences attestées par les deux.", None


def _dispenses(le_carnet: VueCarnet | None) -> tuple[str, ...]:
    return tuple(map(dispense_en_phrase, le_carnet.dispenses.values())) if le_carnet else ()


def _carte_carnet(vue: VueDossier, avancement: Avancement) -> CarteCarnet:
    restantes = avancement.lignes - avancement.completes - avancement.refusees
    return CarteCarnet(
        resume="Toutes les compétences sont attestées par le tuteur et par le manager."
        if avancement.complet
        else f"{avancement.completes} sur {avancement.lignes} compétences attestées par le tuteur et par le manager.",
        points=RangeePoints(avancement.completes, avancement.refusees, restantes, None, ATTESTATIONS),
        url=reverse("carnet:voir", args=[vue.id]),
    )
