"""Demander un plan d'épreuves, le calculer, le retoucher à la main, l'adopter.

Rien n'est écrit dans les dossiers avant l'adoption. Celle-ci passe, épreuve par épreuve, par les services de tous les jours : chacune
est tout ou rien, dans sa transaction ; un processus tué laisse celles qui sont faites, et l'on reprend.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import transaction

from parchemin.comptes.selectors import droits, noms_organismes
from parchemin.comptes.services import chaine_organisme
from parchemin.convocations.enums import Action, EtatDePlan
from parchemin.convocations.models import Plan
from parchemin.convocations.permissions import verifier_peut_preparer_un_plan
from parchemin.convocations.planificateur import glouton, solveur
from parchemin.convocations.planificateur.cout import cout
from parchemin.convocations.planificateur.fichier import instant
from parchemin.convocations.planificateur.instance import Instance, Placement
from parchemin.convocations.planificateur.memoire import garder, garder_plan, relire, relire_plan
from parchemin.convocations.planificateur.pourquoi import pourquoi
from parchemin.convocations.planificateur.retouche import Sens, avec, decalee, premier_libre, sans
from parchemin.convocations.selectors import dossiers_du_plan, sites_offerts
from parchemin.convocations.selectors.instances import Periode, dossier_et_bloc, instance_a_planifier, rafraichie
from parchemin.convocations.selectors.plans import SILENCE
from parchemin.convocations.services.epreuves import affecter_evaluateurs, planifier_epreuve
from parchemin.convocations.services.occupations import verrouiller_ressources
from parchemin.parcours.services import verrouiller_dossier
from parchemin.registre.services import acte
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus

SECONDES = 60
PERIODE_LA_PLUS_LONGUE = timedelta(days=8 * 7)
EXPLIQUEES_AU_PLUS = 30
"""On dit pourquoi de tant d'épreuves laissées : au-delà, c'est la période ou les salles qui manquent à toutes."""
CALCULER, ADOPTER = "convocations.calculer_un_plan", "convocations.adopter_un_plan"
_EN_CALCUL = (EtatDePlan.DEMANDE, EtatDePlan.PREMIER)


@dataclass(frozen=True, slots=True)
class Voulue:
    """Où l'on veut une épreuve du plan. `debut` vide : le premier moment libre du jour `jour` (`date.toordinal`)."""

    salle: UUID
    jour: int
    debut: datetime | None
    metier: UUID
    certificateur: UUID


# Demander, calculer ---------------------------------------------------------------------------------------------------


def demander_plan(
    *, organisme: UUID, du: date, au: date, auteur: Acteur, maintenant: datetime, secondes: int = SECONDES
) -> UUID:
    """Demande le plan d'un organisme pour une période, et le met dans la file ; il remplace le précédent. Rend son identifiant.

    `secondes` : le temps donné au solveur ; zéro, le premier plan reste.

    Lève `RefusDroit("planification_reservee")`, `Introuvable`, et `Refus` : `periode_a_l_envers`, `periode_passee`, `periode_longue`,
    `aucun_candidat`, `aucune_salle`, `adoption_en_cours`.
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
        dossiers = dossiers_du_plan(auteur, organisme, jour)
        if not dossiers:
            raise Refus(
                "aucun_candidat", "Cet organisme n'a aucun dossier ouvert dont vous puissiez planifier les épreuves."
            )
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
        _mettre_en_file(CALCULER, plan.pk)
    return plan.pk


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
    raisons = [_raison(instance, meilleur, cle) for cle in laissees[:EXPLIQUEES_AU_PLUS]]
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


def _raison(instance: Instance, plan: Sequence[Placement], epreuve: str) -> list[Any]:
    """L'épreuve, ce qu'il suffit de relâcher, chez qui, et si une place est libre sans rien relâcher."""
    reponse = pourquoi(instance, plan, epreuve)
    return [epreuve, list(reponse.relacher), list(reponse.qui), reponse.placement is not None and not reponse.relacher]


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
        ligne = _verrouiller(plan, auteur, maintenant)
        if ligne.arret or ligne.etat not in _EN_CALCUL:
            journal.rien_a_inscrire()
            return
        ligne.arret = True
        ligne.save(update_fields=["arret"])
        journal.inscrire(objet=("plan", plan), donnees={}, chaine=chaine_organisme(ligne.organisme_id))


# Retoucher ------------------------------------------------------------------------------------------------------------


def deplacer_dans_le_plan(
    *, plan: UUID, epreuve: str, voulue: Voulue | Sens | None, version: int, auteur: Acteur, maintenant: datetime
) -> None:
    """Met une épreuve du plan ailleurs, la décale d'un pas, ou (`None`) l'ôte du plan. Rien n'est interdit : la page dit ce qui s'oppose.

    `version` : celle que l'on avait sous les yeux. Lève `RefusDroit("planification_reservee")`, `Introuvable`, et `Refus` : `plan_en_route`,
    `plan_change`, `salle_fermee`, `deja_inscrite`, `pas_plus_loin`.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.PLAN_RETOUCHE) as journal:
        ligne = _verrouiller(plan, auteur, maintenant)
        if ligne.etat != EtatDePlan.PROPOSE:
            raise Refus("plan_en_route", "Ce plan n'est pas à retoucher maintenant : attendez qu'il soit proposé.")
        if ligne.version != version:
            raise Refus("plan_change", "Quelqu'un a retouché ce plan entre-temps : relisez-le, puis recommencez.")
        if "epreuve" in ligne.sort.get(epreuve, {}):
            raise Refus("deja_inscrite", "Cette épreuve est déjà inscrite : déplacez-la depuis sa page.")
        gardee = relire(ligne.contenu["instance"])
        if epreuve not in gardee.epreuve:
            raise Introuvable
        instance = rafraichie(auteur, gardee, Periode(ligne.du, ligne.au), ligne.contenu["maximum"], _nees(ligne))
        avant = relire_plan(ligne.contenu["plan"])
        place = _place(instance, avant, epreuve, voulue)
        apres = sans(avant, epreuve) if place is None else avec(avant, place)
        if set(apres) == set(avant):
            journal.rien_a_inscrire()
            return
        laissees = [une for une in ligne.contenu["laissees"] if une[0] != epreuve]
        if place is None:
            laissees.append(_raison(instance, apres, epreuve))
        ligne.contenu = {**ligne.contenu, "plan": garder_plan(apres), "laissees": laissees}
        ligne.version += 1
        ligne.sort.pop(epreuve, None)
        ligne.save(update_fields=["contenu", "version", "sort"])
        dossier, bloc = dossier_et_bloc(epreuve)
        journal.inscrire(
            objet=("plan", plan),
            donnees={
                "dossier": dossier,
                "bloc": bloc,
                "prevue_le": instant(place.debut) if place else None,
                "salle": place.salle if place else None,
            },
            chaine=chaine_organisme(ligne.organisme_id),
        )


def _place(
    instance: Instance, avant: Sequence[Placement], epreuve: str, voulue: Voulue | Sens | None
) -> Placement | None:
    if voulue is None:
        return None
    if isinstance(voulue, Sens):
        place = decalee(instance, avant, epreuve, voulue)
        if place is None:
            raise Refus("pas_plus_loin", "Il n'y a pas de jour ouvert plus loin dans la période.")
        return place
    if str(voulue.salle) not in instance.salle:
        raise Introuvable
    place = Placement(epreuve, str(voulue.salle), 0, str(voulue.metier), str(voulue.certificateur))
    if voulue.debut is not None:
        return Placement(
            place.epreuve, place.salle, int(voulue.debut.timestamp()) // 60, place.metier, place.certificateur
        )
    debut = premier_libre(instance, avant, place, voulue.jour)
    if debut is None:
        raise Refus(
            "salle_fermee", "Cette salle n'est pas ouverte ce jour-là : choisissez un autre jour, ou une autre salle."
        )
    return Placement(place.epreuve, place.salle, debut, place.metier, place.certificateur)


# Adopter --------------------------------------------------------------------------------------------------------------


def demander_adoption(*, plan: UUID, version: int, malgre: bool, auteur: Acteur, maintenant: datetime) -> None:
    """Met l'adoption du plan dans la file, ou la reprend si sa tâche s'est tue. `malgre` : les avertissements sont lus et passés.

    Lève `RefusDroit("planification_reservee")`, `Introuvable`, et `Refus` : `plan_en_route`, `plan_change`, `rien_a_adopter`.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.ADOPTION_DEMANDEE) as journal:
        ligne = _verrouiller(plan, auteur, maintenant)
        reprise = ligne.etat == EtatDePlan.ADOPTION and maintenant - ligne.bouge_le >= SILENCE
        if ligne.etat != EtatDePlan.PROPOSE and not reprise:
            raise Refus("plan_en_route", "Ce plan n'est pas à adopter maintenant : attendez qu'il soit proposé.")
        if ligne.version != version:
            raise Refus("plan_change", "Quelqu'un a retouché ce plan entre-temps : relisez-le, puis recommencez.")
        if all("epreuve" in ligne.sort.get(p.epreuve, {}) for p in relire_plan(ligne.contenu["plan"])):
            raise Refus("rien_a_adopter", "Toutes les épreuves de ce plan sont déjà inscrites.")
        ligne.etat, ligne.bouge_le = EtatDePlan.ADOPTION, maintenant
        ligne.save(update_fields=["etat", "bouge_le"])
        journal.inscrire(objet=("plan", plan), donnees={"malgre": malgre}, chaine=chaine_organisme(ligne.organisme_id))
        _mettre_en_file(ADOPTER, plan, auteur=str(auteur.id), malgre=malgre)


def adopter_plan(*, plan: UUID, auteur: Acteur, malgre: bool, maintenant: datetime) -> None:
    """Inscrit chaque épreuve du plan et affecte ses évaluateurs ; ce qui est refusé se dit et n'arrête pas les autres. Pour la tâche."""
    ligne = Plan.objects.filter(pk=plan, etat=EtatDePlan.ADOPTION).first()
    if ligne is None:
        return
    for placement in sorted(relire_plan(ligne.contenu["plan"]), key=lambda p: (p.debut, p.epreuve)):
        _adopter_une(plan, placement, auteur, malgre, maintenant)
    with acte(auteur=auteur, maintenant=maintenant, action=Action.PLAN_ADOPTE) as journal:
        finie = Plan.objects.select_for_update().filter(pk=plan, etat=EtatDePlan.ADOPTION).first()
        if finie is None:
            journal.rien_a_inscrire()
            return
        refusees = [cle for cle, sort in finie.sort.items() if "refus" in sort]
        finie.etat = EtatDePlan.PROPOSE if refusees else EtatDePlan.ADOPTE
        finie.version += 1
        finie.save(update_fields=["etat", "version"])
        journal.inscrire(
            objet=("plan", plan),
            donnees={"inscrites": len(_nees(finie)), "refusees": len(refusees)},
            chaine=chaine_organisme(finie.organisme_id),
        )


def _adopter_une(plan: UUID, placement: Placement, auteur: Acteur, malgre: bool, maintenant: datetime) -> None:
    """Une épreuve, tout ou rien ; le plan retient ce qu'elle est devenue. Déjà inscrite, elle ne l'est pas deux fois."""
    dossier, bloc = dossier_et_bloc(placement.epreuve)
    with transaction.atomic():
        ligne = Plan.objects.select_for_update().filter(pk=plan, etat=EtatDePlan.ADOPTION).first()
        if ligne is None or "epreuve" in ligne.sort.get(placement.epreuve, {}):
            return
        verrouiller_dossier(dossier)
        candidat = relire(ligne.contenu["instance"]).epreuve[placement.epreuve].candidat
        verrouiller_ressources(map(UUID, (placement.salle, candidat, placement.metier, placement.certificateur)))
        try:
            with transaction.atomic():
                nee = planifier_epreuve(
                    dossier=dossier,
                    bloc=bloc,
                    prevue_le=instant(placement.debut),
                    salle=UUID(placement.salle),
                    malgre=malgre,
                    auteur=auteur,
                    maintenant=maintenant,
                )
                affecter_evaluateurs(
                    epreuve=nee,
                    metier=UUID(placement.metier),
                    certificateur=UUID(placement.certificateur),
                    malgre=malgre,
                    auteur=auteur,
                    maintenant=maintenant,
                )
        except Refus as refus:
            ligne.sort[placement.epreuve] = {"refus": " ".join((refus.message, *refus.details))}
        else:
            ligne.sort[placement.epreuve] = {"epreuve": str(nee)}
        ligne.bouge_le = maintenant
        ligne.save(update_fields=["sort", "bouge_le"])


def _nees(ligne: Plan) -> tuple[UUID, ...]:
    return tuple(UUID(sort["epreuve"]) for sort in ligne.sort.values() if "epreuve" in sort)


def _verrouiller(plan: UUID, auteur: Acteur, maintenant: datetime) -> Plan:
    """La ligne du plan, verrouillée, pour qui le tient. Lève `Introuvable`, `RefusDroit`."""
    ligne = Plan.objects.select_for_update().filter(pk=plan).first()
    if ligne is None:
        raise Introuvable
    verifier_peut_preparer_un_plan(droits(auteur, jour_civil(maintenant)), ligne.organisme_id)
    return ligne


def _mettre_en_file(tache: str, plan: UUID, **champs: str | bool) -> None:
    from procrastinate.contrib.django import app

    app.configure_task(tache, lock=f"{tache}.{plan}", queue="plans").defer(plan=str(plan), **champs)
