"""Demander un plan d'épreuves, le calculer, arrêter la recherche.

Un plan demandé remplace celui de son organisme. La tâche propose aussitôt un premier plan, puis l'améliore tant qu'il reste du temps.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from time import monotonic
from uuid import UUID

from parchemin.comptes.selectors import droits, noms_organismes
from parchemin.comptes.services import chaine_organisme
from parchemin.convocations.enums import Action, EtatDePlan
from parchemin.convocations.models import Plan
from parchemin.convocations.permissions import verifier_peut_preparer_un_plan
from parchemin.convocations.planificateur import glouton, solveur
from parchemin.convocations.planificateur.cout import cout
from parchemin.convocations.planificateur.instance import Instance, Placement
from parchemin.convocations.planificateur.memoire import garder, garder_plan
from parchemin.convocations.selectors import CandidatPret, candidats_prets, premieres_dates, sites_offerts
from parchemin.convocations.selectors.instances import Periode, instance_a_planifier
from parchemin.convocations.selectors.plans import CANDIDATS_AU_PLUS, SILENCE
from parchemin.convocations.services.occupations import verrouiller_ressources
from parchemin.convocations.services.plans.lignes import (
    CALCULER,
    mettre_en_file,
    raison_de_la_laisser,
    tenir_le_plan,
)
from parchemin.parcours.selectors import VueDossier
from parchemin.registre.services import acte
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus
from parchemin.socle.typographie import date_en_clair

SECONDES = 60
PERIODE_LA_PLUS_LONGUE = timedelta(days=8 * 7)
EXPLIQUEES_AU_PLUS = 30
"""On dit pourquoi de tant d'épreuves laissées : au-delà, c'est la période ou les salles qui manquent à toutes."""
_EN_CALCUL = (EtatDePlan.DEMANDE, EtatDePlan.PREMIER)


def demander_plan(
    *,
    organisme: UUID,
    du: date,
    au: date,
    auteur: Acteur,
    maintenant: datetime,
    candidats: Collection[UUID] | None = None,
    secondes: int = SECONDES,
) -> UUID:
    """Demande le plan d'un organisme pour une période, et le met dans la file ; il remplace le précédent. Rend son identifiant.

    `candidats` : les dossiers choisis, gardés avec le plan ; sans choix, tous ceux qui sont prêts, les plus anciens d'abord. `secondes` :
    le temps donné au solveur ; zéro, le premier plan reste.

    Lève `RefusDroit("planification_reservee")`, `Introuvable`, et `Refus` : `periode_a_l_envers`, `periode_passee`, `periode_longue`,
    `aucun_candidat`, `candidats_changes`, `trop_de_candidats`, `periode_trop_proche` (le règlement n'y laisserait convoquer personne),
    `aucune_salle`, `adoption_en_cours`.
    """
    jour = jour_civil(maintenant)
    if au < du:
        raise Refus("periode_a_l_envers", "La période finit avant de commencer : vérifiez ses deux dates.")
    if du <= jour:
        raise Refus("periode_passee", "La période commence au plus tôt demain.")
    if au - du > PERIODE_LA_PLUS_LONGUE:
        raise Refus("periode_longue", "La période dure huit semaines au plus : planifiez-la en deux fois.")
    with acte(auteur=auteur, maintenant=maintenant, action=Action.PLAN_DEMANDE) as journal:
        verifier_peut_preparer_un_plan(droits(auteur, jour), organisme)
        if organisme not in noms_organismes(auteur, [organisme]):
            raise Introuvable
        choisis = _choisis(candidats_prets(auteur, organisme, jour), candidats)
        _verifier_convocable(auteur, choisis, du, jour)
        dossiers = [vue.id for vue in choisis]
        sites = [site.pk for site in sites_offerts(auteur, du) if site.salles.all()]
        if not sites:
            raise Refus("aucune_salle", "Aucun site n'a de salle où planifier : ajoutez-en une d'abord.")
        verrouiller_ressources([organisme])  # deux demandes à la fois : la seconde remplace la première
        ancien = Plan.objects.select_for_update().filter(organisme_id=organisme).first()
        if ancien is not None:
            if ancien.etat == EtatDePlan.ADOPTION and maintenant - ancien.bouge_le < SILENCE:
                raise Refus(
                    "adoption_en_cours", "Le plan de cet organisme est en cours d'adoption : attendez qu'elle finisse."
                )
            ancien.delete()
        plan = Plan.objects.create(
            organisme_id=organisme,
            du=du,
            au=au,
            demande_le=maintenant,
            bouge_le=maintenant,
            choix={"dossiers": list(map(str, dossiers)), "sites": list(map(str, sites)), "secondes": secondes},
        )
        journal.inscrire(
            objet=("plan", plan.pk),
            donnees={"organisme": organisme, "du": du, "au": au, "dossiers": len(dossiers)},
            chaine=chaine_organisme(organisme),
        )
        mettre_en_file(CALCULER, plan.pk)
    return plan.pk


def _verifier_convocable(auteur: Acteur, dossiers: Sequence[VueDossier], du: date, jour: date) -> None:
    """Un plan ne tient pas d'épreuves où l'on ne pourrait convoquer personne, même en donnant un motif."""
    dates = premieres_dates(auteur, (vue.norme_empreinte for vue in dossiers), jour)
    if dates is not None and du < dates.avec_motif:
        raise Refus(
            "periode_trop_proche",
            f"On ne pourrait plus y convoquer les évaluateurs, même en donnant un motif : commencez le {date_en_clair(dates.avec_motif)} "
            f"au plus tôt, ou le {date_en_clair(dates.a_temps)} pour convoquer sans déroger.",
        )


def _choisis(prets: Sequence[CandidatPret], choix: Collection[UUID] | None) -> list[VueDossier]:
    """Les dossiers du plan, les plus anciens d'abord."""
    if not prets:
        raise Refus(
            "aucun_candidat",
            "Aucun candidat de cet organisme n'est prêt : il faut un bloc sans épreuve, et ce que le règlement attend avant de convoquer.",
        )
    dossiers = [un.dossier for un in prets if choix is None or un.dossier.id in choix]
    if choix is None:
        return dossiers[:CANDIDATS_AU_PLUS]
    if len(dossiers) < max(1, len(set(choix))):
        raise Refus(
            "candidats_changes", "Un candidat choisi n'est plus prêt, ou a déjà ses épreuves : relisez la liste."
        )
    if len(dossiers) > CANDIDATS_AU_PLUS:
        raise Refus(
            "trop_de_candidats",
            f"Un plan compte {CANDIDATS_AU_PLUS} candidats au plus : planifiez les autres ensuite.",
        )
    return dossiers


def calculer_plan(*, plan: UUID, maintenant: datetime, fils: int = 2) -> None:
    """Lit, propose un premier plan aussitôt, l'améliore. Un plan remplacé, ou déjà proposé, ne change pas. Pour la tâche."""
    ligne = Plan.objects.filter(pk=plan, etat__in=_EN_CALCUL).first()
    if ligne is None:
        return
    dossiers, sites = ([UUID(un) for un in ligne.choix[nom]] for nom in ("dossiers", "sites"))
    lue = instance_a_planifier(SYSTEME, dossiers, sites, Periode(ligne.du, ligne.au), jour_civil(maintenant))
    instance = lue.instance
    premier = glouton.planifier(instance)
    contenu = {"instance": garder(instance), "maximum": lue.maximum, "plan": garder_plan(premier)}
    points = cout(instance, premier).total
    suite = {"points": points, "points_du_premier": points, "bouge_le": maintenant, "lu_le": maintenant}
    vide = not instance.epreuves
    Plan.objects.filter(pk=plan, etat__in=_EN_CALCUL).update(
        contenu=contenu, etat=EtatDePlan.VIDE if vide else EtatDePlan.PREMIER, **suite
    )
    if vide:
        return
    meilleur, borne = premier, None
    if ligne.choix["secondes"] and solveur.disponible():
        mieux = _ameliorer(plan, instance, premier, ligne.choix["secondes"], fils, maintenant)
        meilleur, borne = mieux.plan, mieux.borne
    _proposer(plan, instance, meilleur, contenu, borne, maintenant)


def _proposer(
    plan: UUID,
    instance: Instance,
    meilleur: Sequence[Placement],
    contenu: Mapping[str, object],
    borne: int | None,
    maintenant: datetime,
) -> None:
    placees = {p.epreuve for p in meilleur}
    laissees = [e.cle for e in instance.epreuves if e.cle not in placees]
    raisons = [raison_de_la_laisser(instance, meilleur, cle) for cle in laissees[:EXPLIQUEES_AU_PLUS]]
    raisons += [[cle, [], [], False] for cle in laissees[EXPLIQUEES_AU_PLUS:]]
    with acte(auteur=SYSTEME, maintenant=maintenant, action=Action.PLAN_PROPOSE) as journal:
        ligne = Plan.objects.select_for_update().filter(pk=plan, etat=EtatDePlan.PREMIER).first()
        if ligne is None:
            journal.rien_a_inscrire()
            return
        ligne.contenu = {**contenu, "plan": garder_plan(meilleur), "laissees": raisons}
        ligne.points, ligne.borne, ligne.etat = cout(instance, meilleur).total, borne, EtatDePlan.PROPOSE
        ligne.bouge_le = maintenant
        ligne.save()
        journal.inscrire(
            objet=("plan", plan),
            donnees={"placees": len(placees), "laissees": len(laissees), "points": ligne.points, "borne": borne},
            chaine=chaine_organisme(ligne.organisme_id),
        )


class _Suivi:
    """Ce que dit le solveur, depuis ses propres fils : on le garde en mémoire, la base n'est touchée que par la tâche."""

    def __init__(self) -> None:
        self.dernier: tuple[int, int] | None = None
        self.continuer = True

    def __call__(self, points: int, borne: int) -> bool:
        self.dernier = min(points, self.dernier[0]) if self.dernier else points, borne
        return self.continuer


def _ameliorer(
    plan: UUID, instance: Instance, premier: Sequence[Placement], secondes: int, fils: int, maintenant: datetime
) -> solveur.Ameliore:
    """Le meilleur plan trouvé. Chaque seconde, la tâche donne signe de vie, et voit si l'arrêt est demandé."""
    suivi, depart, lignes = _Suivi(), monotonic(), Plan.objects.filter(pk=plan, etat=EtatDePlan.PREMIER)
    with ThreadPoolExecutor(1) as fil:
        futur = fil.submit(solveur.ameliorer, instance, premier, secondes=secondes, fils=fils, suivi=suivi)
        while True:
            try:
                return futur.result(timeout=1)
            except TimeoutError:
                dits = {} if suivi.dernier is None else dict(zip(("points", "borne"), suivi.dernier, strict=True))
                signe = maintenant + timedelta(seconds=monotonic() - depart)
                suivi.continuer = bool(lignes.filter(arret=False).update(bouge_le=signe, **dits))


def arreter_la_recherche(*, plan: UUID, auteur: Acteur, maintenant: datetime) -> None:
    """Demande d'arrêter là l'amélioration : le meilleur plan trouvé sera proposé. Deux fois ne change rien.

    Lève `RefusDroit("planification_reservee")`, `Introuvable`.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.PLAN_ARRETE) as journal:
        ligne = tenir_le_plan(plan, auteur, maintenant)
        if ligne.arret or ligne.etat not in _EN_CALCUL:
            journal.rien_a_inscrire()
            return
        ligne.arret = True
        ligne.save(update_fields=["arret"])
        journal.inscrire(objet=("plan", plan), donnees={}, chaine=chaine_organisme(ligne.organisme_id))
