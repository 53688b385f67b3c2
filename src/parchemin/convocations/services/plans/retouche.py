"""Déplacer à la main une épreuve d'un plan proposé, ou l'en ôter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parchemin.comptes.selectors import droits
from parchemin.comptes.services import chaine_organisme
from parchemin.convocations.enums import Action, EtatDePlan
from parchemin.convocations.permissions import verifier_peut_planifier
from parchemin.convocations.planificateur.fichier import instant
from parchemin.convocations.planificateur.instance import Instance, Placement
from parchemin.convocations.planificateur.memoire import garder_plan, relire, relire_plan
from parchemin.convocations.planificateur.retouche import Sens, avec, decalee, premier_libre, sans
from parchemin.convocations.selectors.instances import Periode, dossier_et_bloc, rafraichie
from parchemin.convocations.selectors.plans import nees
from parchemin.convocations.services.plans.lignes import (
    raison_de_la_laisser,
    tenir_le_plan,
)
from parchemin.parcours.selectors import dossiers_par_ids
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus


@dataclass(frozen=True, slots=True)
class Voulue:
    """Où l'on veut une épreuve du plan. `debut` vide : le premier moment libre du jour `jour` (`date.toordinal`)."""

    salle: UUID
    jour: int
    debut: datetime | None
    metier: UUID
    certificateur: UUID


def deplacer_dans_le_plan(
    *, plan: UUID, epreuve: str, voulue: Voulue | Sens | None, version: int, auteur: Acteur, maintenant: datetime
) -> None:
    """Met une épreuve du plan ailleurs, la décale d'un pas, ou (`None`) l'ôte du plan. Rien n'est interdit : la page dit ce qui s'oppose.

    `version` : celle que l'on avait sous les yeux. Qui retouche est qui planifie : choisir l'heure et les évaluateurs est déjà planifier.
    Lève `RefusDroit("planification_reservee" | "cause_propre")`, `Introuvable`, et `Refus` : `plan_en_route`, `plan_change`, `salle_fermee`, `deja_inscrite`, `pas_plus_loin`.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.PLAN_RETOUCHE) as journal:
        ligne = tenir_le_plan(plan, auteur, maintenant)
        if ligne.etat != EtatDePlan.PROPOSE:
            raise Refus("plan_en_route", "Ce plan n'est pas à retoucher maintenant : attendez qu'il soit proposé.")
        if ligne.version != version:
            raise Refus("plan_change", "Quelqu'un a retouché ce plan entre-temps : relisez-le, puis recommencez.")
        if "epreuve" in ligne.sort.get(epreuve, {}):
            raise Refus("deja_inscrite", "Cette épreuve est déjà inscrite : déplacez-la depuis sa page.")
        gardee = relire(ligne.contenu["instance"])
        if epreuve not in gardee.epreuve:
            raise Introuvable
        dossier, bloc = dossier_et_bloc(epreuve)
        verifier_peut_planifier(droits(auteur, jour_civil(maintenant)), dossiers_par_ids(auteur, [dossier])[dossier])
        instance = rafraichie(
            auteur, gardee, Periode(ligne.du, ligne.au), ligne.contenu["maximum"], nees(ligne).values()
        )
        avant = relire_plan(ligne.contenu["plan"])
        place = _place(instance, avant, epreuve, voulue)
        apres = sans(avant, epreuve) if place is None else avec(avant, place)
        if set(apres) == set(avant):
            journal.rien_a_inscrire()
            return
        laissees = [une for une in ligne.contenu["laissees"] if une[0] != epreuve]
        if place is None:
            laissees.append(raison_de_la_laisser(instance, apres, epreuve))
        ligne.contenu = {**ligne.contenu, "plan": garder_plan(apres), "laissees": laissees}
        ligne.version += 1
        ligne.sort.pop(epreuve, None)
        ligne.save(update_fields=["contenu", "version", "sort"])
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
