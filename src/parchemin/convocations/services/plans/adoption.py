"""Adopter un plan : chaque épreuve passe par les services de tous les jours, tout ou rien ; ce qui est refusé se dit et n'arrête pas les autres."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from parchemin.comptes.services import chaine_organisme
from parchemin.convocations.enums import Action, EtatDePlan
from parchemin.convocations.models import Plan
from parchemin.convocations.planificateur.fichier import instant
from parchemin.convocations.planificateur.instance import Placement
from parchemin.convocations.planificateur.memoire import relire, relire_plan
from parchemin.convocations.selectors.instances import dossier_et_bloc
from parchemin.convocations.selectors.plans import SILENCE, dossiers_montres, nees
from parchemin.convocations.services.epreuves import affecter_evaluateurs, planifier_epreuve
from parchemin.convocations.services.occupations import verrouiller_ressources
from parchemin.convocations.services.plans.lignes import (
    ADOPTER,
    mettre_en_file,
    tenir_le_plan,
)
from parchemin.parcours.services import verrouiller_dossier
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Refus


def demander_adoption(*, plan: UUID, version: int, malgre: bool, auteur: Acteur, maintenant: datetime) -> None:
    """Met l'adoption du plan dans la file, ou la reprend si sa tâche s'est tue. `malgre` : les avertissements sont lus et passés.

    Lève `RefusDroit("planification_reservee")`, `Introuvable`, et `Refus` : `plan_en_route`, `plan_change`, `rien_a_adopter`.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.ADOPTION_DEMANDEE) as journal:
        ligne = tenir_le_plan(plan, auteur, maintenant)
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
        mettre_en_file(ADOPTER, plan, auteur=str(auteur.id), malgre=malgre)


def adopter_plan(*, plan: UUID, auteur: Acteur, malgre: bool, maintenant: datetime) -> None:
    """Inscrit chaque épreuve du plan et affecte ses évaluateurs ; ce qui est refusé se dit et n'arrête pas les autres. Pour la tâche.

    Les épreuves de dossiers qui ne s'ouvrent pas à l'auteur attendent quelqu'un d'autre : elles restent au plan.
    """
    ligne = Plan.objects.filter(pk=plan, etat=EtatDePlan.ADOPTION).first()
    if ligne is None:
        return
    voulues = relire(ligne.contenu["instance"]).epreuve
    placements = sorted(relire_plan(ligne.contenu["plan"]), key=lambda p: (p.debut, p.epreuve))
    siens = dossiers_montres(auteur, {dossier_et_bloc(p.epreuve)[0] for p in placements}, jour_civil(maintenant))
    for placement in placements:
        if dossier_et_bloc(placement.epreuve)[0] not in siens:
            continue
        _adopter_une(plan, placement, voulues[placement.epreuve].candidat, auteur, malgre, maintenant)
    with acte(auteur=auteur, maintenant=maintenant, action=Action.PLAN_ADOPTE) as journal:
        finie = Plan.objects.select_for_update().filter(pk=plan, etat=EtatDePlan.ADOPTION).first()
        if finie is None:
            journal.rien_a_inscrire()
            return
        refusees = [cle for cle, sort in finie.sort.items() if "refus" in sort]
        finie.etat = EtatDePlan.ADOPTE if all(p.epreuve in nees(finie) for p in placements) else EtatDePlan.PROPOSE
        finie.version += 1
        finie.save(update_fields=["etat", "version"])
        journal.inscrire(
            objet=("plan", plan),
            donnees={"inscrites": len(nees(finie)), "refusees": len(refusees)},
            chaine=chaine_organisme(finie.organisme_id),
        )


def _adopter_une(
    plan: UUID, placement: Placement, candidat: str, auteur: Acteur, malgre: bool, maintenant: datetime
) -> None:
    """Une épreuve, tout ou rien ; le plan retient ce qu'elle est devenue. Déjà inscrite, elle ne l'est pas deux fois."""
    dossier, bloc = dossier_et_bloc(placement.epreuve)
    with transaction.atomic():
        tenus = Plan.objects.select_for_update().defer("contenu", "choix")
        ligne = tenus.filter(pk=plan, etat=EtatDePlan.ADOPTION).first()
        if ligne is None or "epreuve" in ligne.sort.get(placement.epreuve, {}):
            return
        verrouiller_dossier(dossier)
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
