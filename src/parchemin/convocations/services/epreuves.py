"""Planifier une épreuve, la déplacer, affecter ses évaluateurs, en remplacer un."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db.models import F

from moteur.etats import EPREUVE
from moteur.regles.avant_de_convoquer import Manque
from parchemin.carnet.selectors import manque_avant_convocation
from parchemin.comptes.selectors import droits, noms
from parchemin.comptes.services import chaine_organisme
from parchemin.convocations.enums import AVANT_L_EPREUVE, Action, Qualite
from parchemin.convocations.evenements import (
    EpreuveDeplacee,
    EpreuvePlanifiee,
    EvaluateurRemplace,
    EvaluateursAffectes,
)
from parchemin.convocations.models import (
    Affectation,
    AVerifier,
    Epreuve,
)
from parchemin.convocations.permissions import verifier_admissible, verifier_peut_planifier
from parchemin.convocations.selectors import (
    VueEpreuve,
    avis_sur,
    barriere,
    blocs_planifies,
    epreuve_par_id,
    evaluateurs_examines,
)
from parchemin.convocations.services.occupations import tenir
from parchemin.convocations.services.passages import passer_ligne, sans_objet, verrouiller
from parchemin.convocations.services.places import Place, duree_actuelle, place_de, place_verifiee
from parchemin.convocations.services.preavis import verifier_preavis
from parchemin.parcours.selectors import VueDossier, blocs_acquis, dossiers_par_ids
from parchemin.parcours.services import passer_etat, verrouiller_dossier
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.annonces import annoncer
from parchemin.socle.horloge import jour_civil
from parchemin.socle.passages import inscrire_passage
from parchemin.socle.refus import Introuvable, Refus

REMPLACANTS_PROPOSES = 5
_CE_QUI_MANQUE = {
    Manque.GEL: "Une attestation de ce carnet est répudiée : éclaircissez-la, puis levez le gel, avant de planifier.",
    Manque.CARNET: "Le carnet du bloc {bloc} n'est pas complet : le tuteur et le manager n'ont pas tout attesté.",
    Manque.DOSSIER_DE_VALIDATION: "Le candidat n'a pas encore déposé son dossier de validation : inscrivez-le d'abord.",
}


def planifier_epreuve(
    *,
    dossier: UUID,
    bloc: str,
    prevue_le: datetime,
    auteur: Acteur,
    maintenant: datetime,
    lieu: str = "",
    salle: UUID | None = None,
    malgre: bool = False,
) -> UUID:
    """Planifie l'épreuve d'un bloc demandé, en salle ou en un lieu dit ; rend son identifiant. La première fait passer le dossier en
    évaluation. `malgre` : qui planifie a lu les avertissements et passe outre.

    Lève `RefusDroit("planification_reservee" | "cause_propre")`, `Introuvable`, et `Refus` : `dossier_clos`, `bloc_non_demande`,
    `bloc_deja_acquis`, `lieu_manquant`, `conflit`, `avertissements`, `carnet_gele`, `carnet_incomplet`, `validation_attendue`, `epreuve_deja_planifiee`,
    `passage_interdit`.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.EPREUVE_PLANIFIEE) as journal:
        # Avant toute ligne qui s'y réfère : deux blocs à la fois ne s'attendent pas en croix, le même bloc deux fois se voit.
        verrouiller_dossier(dossier)
        vue = _dossier(auteur, dossier)
        verifier_peut_planifier(droits(auteur, jour_civil(maintenant)), vue)
        _verifier_planifiable(vue, bloc, auteur, maintenant)
        place = place_verifiee(
            dossier=vue,
            bloc=bloc,
            prevue_le=prevue_le,
            salle=salle,
            lieu=lieu,
            evaluateurs={},
            malgre=malgre,
            auteur=auteur,
            maintenant=maintenant,
        )
        epreuve = ouvrir(vue, bloc, place, auteur, maintenant)
        journal.inscrire(
            objet=("epreuve", epreuve.pk),
            donnees={"dossier": dossier, "bloc": bloc, "norme": vue.norme_empreinte, **place.pour_le_journal},
            chaine=chaine_organisme(vue.organisme),
        )
        passer_etat(dossier=dossier, vers="en_evaluation", auteur=auteur, maintenant=maintenant)
        annoncer(EpreuvePlanifiee(epreuve.pk, dossier, bloc, prevue_le))
    return epreuve.pk


def ouvrir(
    dossier: VueDossier,
    bloc: str,
    place: Place,
    auteur: Acteur,
    maintenant: datetime,
    remplace: Epreuve | None = None,
) -> Epreuve:
    """Une épreuve neuve, à sa place, et le début de son histoire. À n'appeler que sous le verrou de son dossier."""
    epreuve = Epreuve.objects.create(
        dossier_id=dossier.id,
        bloc=bloc,
        norme=dossier.norme_empreinte,
        prevue_le=place.debut,
        lieu=place.lieu,
        salle_id=place.salle,
        duree=place.duree,
        etat=EPREUVE.depart,
        depuis=maintenant,
        remplace=remplace,
    )
    inscrire_passage(epreuve, auteur=auteur, maintenant=maintenant)
    tenir(epreuve)
    return epreuve


def deplacer_epreuve(
    *,
    epreuve: UUID,
    prevue_le: datetime,
    auteur: Acteur,
    maintenant: datetime,
    lieu: str = "",
    salle: UUID | None = None,
    malgre: bool = False,
) -> None:
    """Change le jour, l'heure ou la place d'une épreuve qui n'a pas commencé ; ses évaluateurs restent. Redire la même ne change rien,
    sauf si ses durées ont changé entre-temps : sa place s'y ajuste.

    Les évaluateurs doivent rester admissibles ce jour-là. Lève `RefusDroit` (`planification_reservee`, `cause_propre`, ou le premier
    obstacle du moteur), `Introuvable`, et `Refus` : `epreuve_commencee`, `date_passee`, `lieu_manquant`, `conflit`, `avertissements`,
    `convocation_impossible` (ses évaluateurs sont convoqués, et n'auraient plus leur préavis).
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.EPREUVE_DEPLACEE) as journal:
        ligne = verrouiller(epreuve)
        vue = epreuve_par_id(auteur, epreuve)
        verifier_peut_planifier(droits(auteur, jour_civil(maintenant)), vue.dossier)
        meme_lieu = ligne.salle_id == salle if salle else ligne.salle_id is None and ligne.lieu == lieu.strip()
        if ligne.prevue_le == prevue_le and meme_lieu and ligne.duree == duree_actuelle(auteur, vue, maintenant):
            journal.rien_a_inscrire()
            return
        if ligne.etat not in AVANT_L_EPREUVE:
            raise Refus("epreuve_commencee", "L'épreuve a commencé, ou elle est close : elle ne se déplace plus.")
        if prevue_le < maintenant:
            raise Refus("date_passee", "Cette date est passée : choisissez un jour et une heure à venir.")
        verifier_preavis(auteur, vue, prevue_le, salle, maintenant)
        place = place_verifiee(
            dossier=vue.dossier,
            bloc=vue.bloc,
            prevue_le=prevue_le,
            salle=salle,
            lieu=lieu,
            evaluateurs={e.qualite: e.personne for e in vue.evaluateurs},
            malgre=malgre,
            auteur=auteur,
            maintenant=maintenant,
            epreuve=ligne.pk,
        )
        _verifier_admis_ce_jour(vue, prevue_le, auteur, maintenant)
        avant = ligne.prevue_le
        installer(ligne, place)
        journal.inscrire(
            objet=("epreuve", ligne.pk),
            donnees={"prevue_le_avant": avant, **place.pour_le_journal},
            chaine=chaine_organisme(vue.dossier.organisme),
        )
        annoncer(EpreuveDeplacee(ligne.pk, vue.dossier.id, vue.bloc, avant, prevue_le))


def _verifier_admis_ce_jour(vue: VueEpreuve, prevue_le: datetime, auteur: Acteur, maintenant: datetime) -> None:
    """Un autre jour, d'autres liens et d'autres rôles : chaque évaluateur en place se relit à la date où l'épreuve se tiendrait."""
    deplacee = replace(vue, prevue_le=prevue_le)
    cadre = barriere(auteur, vue.dossier, jour_civil(maintenant))
    for place in vue.evaluateurs:
        autre = vue.evaluateur(place.qualite.autre)
        avis = avis_sur(
            auteur, cadre, deplacee, place.personne, place.qualite, autre.personne if autre else None, ouvre=False
        )
        verifier_admissible(place.nom, avis.obstacles)


def installer(ligne: Epreuve, place: Place) -> None:
    """Met une épreuve verrouillée à sa nouvelle place, et refait ce qu'elle occupe."""
    ligne.prevue_le, ligne.lieu, ligne.salle_id, ligne.duree = place.debut, place.lieu, place.salle, place.duree
    ligne.save(update_fields=["prevue_le", "lieu", "salle", "duree"])
    tenir(ligne)


def affecter_evaluateurs(
    *,
    epreuve: UUID,
    metier: UUID,
    certificateur: UUID,
    auteur: Acteur,
    maintenant: datetime,
    malgre: bool = False,
) -> None:
    """Affecte (ou remplace) les deux évaluateurs, un par qualité. Redire la même chose ne change rien.

    Qui est remplacé reste dans l'histoire de l'épreuve. Chacun doit être libre ; `malgre` passe outre les avertissements.
    Lève `RefusDroit` (`planification_reservee`, `cause_propre`, ou le premier obstacle du moteur : `evaluateur_est_tuteur`…),
    `Introuvable`, et `Refus` : `epreuve_commencee`, `conflit`, `avertissements`.
    """
    voulus = {Qualite.METIER: metier, Qualite.CERTIFICATEUR: certificateur}
    with acte(auteur=auteur, maintenant=maintenant, action=Action.EVALUATEURS_AFFECTES) as journal:
        ligne = verrouiller(epreuve)
        vue = epreuve_par_id(auteur, epreuve)
        verifier_peut_planifier(droits(auteur, jour_civil(maintenant)), vue.dossier)
        connus = noms(auteur, voulus.values())
        cadre = barriere(auteur, vue.dossier, jour_civil(maintenant))
        for qualite, personne in voulus.items():
            if personne not in connus:
                raise Introuvable("Cette personne n'est pas enregistrée.")
            avis = avis_sur(auteur, cadre, vue, personne, qualite, voulus[qualite.autre], ouvre=False)
            if not avis.admissible:
                libres = _remplacants(auteur, vue, qualite, voulus[qualite.autre], maintenant)
                verifier_admissible(connus[personne], avis.obstacles, libres)
        actuels = {e.qualite: e.personne for e in vue.evaluateurs}
        if actuels == voulus:
            journal.rien_a_inscrire()
            return
        if ligne.etat not in AVANT_L_EPREUVE:
            raise Refus(
                "epreuve_commencee", "L'épreuve a commencé : ses évaluateurs ne changent plus. Annulez-la s'il le faut."
            )
        passes = place_de(vue, voulus, malgre, auteur, maintenant)
        Affectation.objects.filter(epreuve=ligne, au=None).update(au=maintenant)
        partis = set(actuels.values()) - set(voulus.values())
        AVerifier.objects.filter(epreuve=ligne, close_le=None, evaluateur_id__in=partis).update(close_le=maintenant)
        sans_objet(ligne, partis, auteur, maintenant)
        Affectation.objects.bulk_create(
            Affectation(epreuve=ligne, evaluateur_id=personne, qualite=qualite, du=maintenant)
            for qualite, personne in voulus.items()
        )
        tenir(ligne)
        if ligne.etat == "a_planifier":
            passer_ligne(ligne, "affectee", auteur, maintenant, "")
        journal.inscrire(
            objet=("epreuve", ligne.pk),
            donnees={
                "metier": metier,
                "certificateur": certificateur,
                "metier_precedent": actuels.get(Qualite.METIER),
                "certificateur_precedent": actuels.get(Qualite.CERTIFICATEUR),
                **({"malgre": list(passes)} if passes else {}),
            },
            chaine=chaine_organisme(vue.dossier.organisme),
        )
        annoncer(
            EvaluateursAffectes(
                ligne.pk,
                vue.dossier.id,
                metier,
                certificateur,
                maintenant,
                actuels.get(Qualite.METIER),
                actuels.get(Qualite.CERTIFICATEUR),
            )
        )


def remplacer_evaluateur(
    *, epreuve: UUID, qualite: Qualite, personne: UUID, motif: str, auteur: Acteur, maintenant: datetime
) -> None:
    """Remplace un évaluateur d'une épreuve dont l'heure est passée : le nouveau fera sa propre lecture de ce qui peut encore se juger.

    Celui qui s'est retiré, ou qu'une récusation a retiré, se remplace de même : sa place est vide. Tant qu'aucun geste n'est reçu, le nouveau a
    toute l'épreuve devant lui : il n'est pas dit remplaçant, et observe tout. Pour l'évaluation, qui a vérifié que la lecture de l'ancien
    n'est pas scellée et que le règlement le permet. Lève
    `RefusDroit` (`planification_reservee`, ou le premier obstacle), `Introuvable`, `Refus("motif_manquant" | "deja_affecte")`.
    """
    motif = motif.strip()
    with acte(auteur=auteur, maintenant=maintenant, action=Action.EVALUATEUR_REMPLACE) as journal:
        ligne = verrouiller(epreuve)
        vue = epreuve_par_id(auteur, epreuve)
        verifier_peut_planifier(droits(auteur, jour_civil(maintenant)), vue.dossier)
        siennes = Affectation.objects.filter(epreuve=ligne, qualite=qualite)
        ancienne = siennes.order_by(F("au").desc(nulls_first=True), "-du").first()
        if ancienne is None:
            raise Introuvable("Personne n'a évalué cette épreuve en cette qualité.")
        if vue.qualite_de(personne) is not None:
            raise Refus("deja_affecte", "Cette personne évalue déjà cette épreuve : choisissez quelqu'un d'autre.")
        if not motif:
            raise Refus("motif_manquant", "Dites pourquoi cet évaluateur est remplacé : le jury le lira.")
        connus = noms(auteur, [personne])
        if personne not in connus:
            raise Introuvable("Cette personne n'est pas enregistrée.")
        autre = vue.evaluateur(qualite.autre)
        cadre = barriere(auteur, vue.dossier, jour_civil(maintenant))
        avis = avis_sur(auteur, cadre, vue, personne, qualite, autre.personne if autre else None, ouvre=True)
        if not avis.admissible:
            libres = _remplacants(auteur, vue, qualite, autre.personne if autre else None, maintenant)
            verifier_admissible(connus[personne], avis.obstacles, libres)
        releve = ancienne.evaluateur_id if ancienne.au is None else None
        if releve is not None:
            Affectation.objects.filter(pk=ancienne.pk).update(au=maintenant)
            AVerifier.objects.filter(epreuve=ligne, close_le=None, evaluateur_id=releve).update(close_le=maintenant)
            sans_objet(ligne, {releve}, auteur, maintenant)
        Affectation.objects.create(
            epreuve=ligne,
            evaluateur_id=personne,
            qualite=qualite,
            du=maintenant,
            remplace=ancienne if vue.commencee else None,
            motif=motif,
        )
        journal.inscrire(
            objet=("epreuve", ligne.pk),
            donnees={"qualite": qualite, "personne": personne, "precedent": ancienne.evaluateur_id},
            personnel={"motif": motif},
            chaine=chaine_organisme(vue.dossier.organisme),
        )
        annoncer(EvaluateurRemplace(ligne.pk, vue.dossier.id, personne, releve, maintenant))


def _remplacants(
    auteur: Acteur, epreuve: VueEpreuve, qualite: Qualite, autre: UUID | None, maintenant: datetime
) -> tuple[str, ...]:
    """Les noms que rien n'écarte, les moins chargés d'abord : de quoi répondre à un refus. Jamais `autre`, qui tient l'autre place."""
    examines = evaluateurs_examines(auteur, epreuve, qualite, jour_civil(maintenant))
    return tuple(e.nom for e in examines if e.avis.admissible and e.personne != autre)[:REMPLACANTS_PROPOSES]


def _dossier(auteur: Acteur, dossier: UUID) -> VueDossier:
    vue = dossiers_par_ids(auteur, [dossier]).get(dossier)
    if vue is None:
        raise Introuvable
    return vue


def _verifier_planifiable(vue: VueDossier, bloc: str, auteur: Acteur, maintenant: datetime) -> None:
    if not vue.ouvert:
        raise Refus("dossier_clos", "Ce dossier est clos : on n'y planifie plus d'épreuve.")
    if bloc not in vue.blocs:
        raise Refus("bloc_non_demande", f"Le bloc {bloc} n'est pas demandé dans ce dossier.")
    if bloc in blocs_acquis(auteur, [vue]).get(vue.id, {}):
        raise Refus("bloc_deja_acquis", f"Le bloc {bloc} est déjà acquis : il n'a plus d'épreuve à passer.")
    if (vue.id, bloc) in blocs_planifies(auteur, [vue.id]):
        raise Refus("epreuve_deja_planifiee", f"Le bloc {bloc} a déjà son épreuve : ouvrez-la, ou annulez-la d'abord.")
    verifier_carnet(vue, bloc, auteur, maintenant)


def verifier_carnet(vue: VueDossier, bloc: str, auteur: Acteur, maintenant: datetime) -> None:
    """Vérifie que rien ne manque avant de convoquer à ce bloc. Lève `Refus` au code de `moteur.regles.avant_de_convoquer.Manque`."""
    manque = manque_avant_convocation(auteur, vue, bloc, jour_civil(maintenant))
    if manque is not None:
        raise Refus(manque.value, _CE_QUI_MANQUE[manque].format(bloc=bloc))
