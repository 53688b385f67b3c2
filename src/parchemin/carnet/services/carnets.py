"""Remettre le carnet, en confirmer la remise, attester, retirer."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from moteur.referentiel import Referentiel
from moteur.regles.changement_de_version import apparier
from parchemin.carnet.enums import Action, Verdict
from parchemin.carnet.evenements import CarnetComplet, CarnetRemis, CarnetRouvert
from parchemin.carnet.models import Attestation, BrouillonEntree, Carnet, Ligne
from parchemin.carnet.permissions import (
    verifier_peut_accuser_reception,
    verifier_peut_attester,
    verifier_tient_encore,
)
from parchemin.carnet.selectors import SCEAU, attestations_de, carnet_attendu, complet, empreinte_attestation
from parchemin.carnet.services.avis import poser_avis
from parchemin.comptes.selectors import droits, identites, noms
from parchemin.comptes.services import chaine_organisme
from parchemin.parcours.enums import Qualite
from parchemin.parcours.selectors import VueDossier, dossier_tenu, dossiers_par_ids
from parchemin.referentiels.selectors import norme
from parchemin.registre.sceaux import Scelle
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.annonces import annoncer
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus


@dataclass(frozen=True, slots=True)
class Dire:
    """Ce qu'une personne dit d'une compétence : son verdict, et un mot (exigé pour « pas encore »).

    `vu` : le rang de la dernière attestation qu'elle avait sous les yeux (`VueLigne.rang`), pour qu'une page ouverte
    depuis longtemps n'efface pas ce qui a été dit depuis. `None` : elle n'en regardait aucune.
    """

    verdict: Verdict
    mot: str = ""
    vu: int | None = None


def ouvrir_carnet(*, dossier: UUID, auteur: Acteur, maintenant: datetime) -> None:
    """Remet le carnet : une ligne par compétence des blocs demandés. Le remettre deux fois ne change rien.

    Une VAE n'en reçoit pas : son dossier de validation en tient lieu (`moteur.regles.avant_de_convoquer`) ; un dossier clos avant
    que la nouvelle n'arrive (son import fut aussitôt défait) non plus.

    Source : référentiel, « Carnet de suivi des compétences : Remis au début du parcours ».
    """
    vue = dossier_connu(auteur, dossier)
    arbre = norme(auteur, vue.norme_empreinte)
    remis = vue.ouvert and carnet_attendu(auteur, vue, jour_civil(maintenant))
    with acte(auteur=auteur, maintenant=maintenant, action=Action.CARNET_OUVERT) as journal:
        if not remis:
            journal.rien_a_inscrire()
            return
        carnet, cree = Carnet.objects.get_or_create(dossier_id=dossier, defaults={"remis_le": maintenant})
        if not cree:
            journal.rien_a_inscrire()
            return
        competences = [
            (bloc.code, competence.code)
            for bloc in arbre.blocs
            if bloc.code in vue.blocs
            for competence in bloc.competences()
        ]
        origines = _origines(auteur, vue, arbre)
        Ligne.objects.bulk_create(
            Ligne(carnet=carnet, bloc=bloc, competence=competence, rang=rang, origine_id=origines.get(competence))
            for rang, (bloc, competence) in enumerate(competences, start=1)
        )
        if vue.suite_de is not None:
            _reprendre_les_brouillons(vue.suite_de, carnet)
        journal.inscrire(
            objet=("carnet", carnet.pk),
            donnees={"dossier": dossier, "lignes": len(competences)}
            | ({"reprises": len(origines)} if origines else {}),
            chaine=chaine_organisme(vue.organisme),
        )
        annoncer(CarnetRemis(dossier, maintenant))


def _origines(auteur: Acteur, vue: VueDossier, arbre: Referentiel) -> dict[str, int]:
    """Pour chaque compétence que ce dossier reprend d'une version précédente, la première ligne qui l'a portée."""
    if vue.suite_de is None:
        return {}
    ancien = dossier_connu(auteur, vue.suite_de)
    paires = apparier(norme(auteur, ancien.norme_empreinte), arbre, ancien.blocs, vue.blocs)
    lignes = {ligne.competence: ligne for ligne in Ligne.objects.filter(carnet__dossier_id=ancien.id)}
    return {
        neuve: lignes[vieille].origine_id or lignes[vieille].pk
        for neuve, vieille in paires.items()
        if vieille in lignes
    }


def _reprendre_les_brouillons(ancien: UUID, carnet: Carnet) -> None:
    """Ce que le candidat n'avait pas publié le suit ; les codes qui ne sont plus de son carnet se rechoisissent."""
    connues = set(Ligne.objects.filter(carnet=carnet).values_list("competence", flat=True))
    for brouillon in BrouillonEntree.objects.select_for_update().filter(carnet__dossier_id=ancien, entree=None):
        brouillon.carnet = carnet
        brouillon.competences = [code for code in brouillon.competences if code in connues]
        brouillon.save(update_fields=["carnet", "competences"])


def accuser_reception(*, dossier: UUID, auteur: Acteur, maintenant: datetime) -> None:
    """Le candidat confirme qu'il a reçu son carnet. Le redire ne change rien.

    Lève `RefusDroit("reception_reservee")`, `Introuvable`.
    """
    vue = dossier_connu(auteur, dossier)
    verifier_peut_accuser_reception(auteur, vue)
    with acte(auteur=auteur, maintenant=maintenant, action=Action.RECEPTION) as journal:
        dossier_tenu(auteur, dossier)  # avant le carnet, comme partout : qui clôt le dossier attend, ou nous attend
        carnet = carnet_verrouille(dossier)
        if carnet.recu_le is not None:
            journal.rien_a_inscrire()
            return
        carnet.recu_le = maintenant
        carnet.save(update_fields=["recu_le"])
        journal.inscrire(
            objet=("carnet", carnet.pk), donnees={"dossier": dossier}, chaine=chaine_organisme(vue.organisme)
        )


def attester(
    *,
    dossier: UUID,
    qualite: Qualite,
    dires: Mapping[str, Dire],
    auteur: Acteur,
    maintenant: datetime,
    lien: UUID | None = None,
) -> tuple[str, ...]:
    """Atteste plusieurs compétences d'un coup (`dires` : par code) : toutes, ou aucune. Rend celles qui ont changé.

    `lien` : le lien nominatif par lequel la personne est entrée, si ce n'est par sa session. Un avis lui est écrit, par lequel
    elle pourra répudier. Redire la même chose ne change rien. Annonce `CarnetComplet` ou `CarnetRouvert` quand le carnet bascule.
    Lève `RefusDroit` (`attestation_reservee`, `attestation_pour_soi`) et `Refus` : `dossier_clos`, `rien_a_attester`,
    `competence_inconnue`, `mot_manquant`, `change_depuis`, `meme_personne`, dont les `details` nomment les compétences en cause.
    """
    verifier_peut_attester(auteur, dossier_connu(auteur, dossier), qualite)
    if not dires:
        raise Refus("rien_a_attester", "Choisissez au moins une compétence à attester.")
    propres = {code: Dire(Verdict(dire.verdict), propre(dire.mot), dire.vu) for code, dire in dires.items()}
    sans_mot = tuple(code for code, dire in propres.items() if dire.verdict == Verdict.PAS_ENCORE and not dire.mot)
    if sans_mot:
        raise Refus(
            "mot_manquant",
            "Dites en un mot ce qui manque pour chaque compétence « pas encore » : le candidat le lira.",
            conserve="Vos choix sont toujours à l'écran.",
            details=sans_mot,
        )
    with acte(auteur=auteur, maintenant=maintenant, action=Action.ATTESTATION) as journal:
        vue, carnet = _tenir(auteur, dossier, qualite, maintenant)
        avant = complet(auteur, dossier)
        lignes = _lignes(carnet, propres)
        derniers = _derniers(carnet, qualite)
        # Redire n'ajoute rien, sauf à reprendre la voix de qui est passé de l'autre côté.
        passee = vue.designe(qualite.autre)
        changees = {
            code: dire
            for code, dire in propres.items()
            for dernier in (derniers.get(code, _RIEN),)
            if dernier.dit != (dire.verdict, dire.mot) or (passee is not None and dernier.auteur == passee)
        }
        if not changees:
            journal.rien_a_inscrire()
            return ()
        depassees = tuple(
            code for code, dire in changees.items() if dire.vu not in (None, derniers.get(code, _RIEN).rang)
        )
        if depassees:
            raise Refus(
                "change_depuis",
                "Quelque chose a été attesté depuis que cette page est ouverte : relisez, puis choisissez à nouveau.",
                conserve="Vos choix sont toujours à l'écran, et ce qui a été attesté entre-temps est gardé.",
                details=depassees,
            )
        _verifier_une_seule_voix(vue, carnet, qualite, changees, auteur)
        avis = poser_avis(
            vue=vue,
            carnet=carnet,
            qualite=qualite,
            verdicts={code: dire.verdict for code, dire in changees.items()},
            auteur=auteur,
            maintenant=maintenant,
        )
        posees = poser(
            [
                (lignes[code], derniers.get(code, _RIEN).rang + 1, dire.verdict.value, dire.mot)
                for code, dire in changees.items()
            ],
            qualite,
            auteur,
            maintenant,
            avis=avis.pk,
            lien=lien,
        )
        journal.inscrire(
            objet=("carnet", carnet.pk),
            donnees={
                "dossier": dossier,
                "qualite": qualite,
                "verdicts": {code: dire.verdict for code, dire in changees.items()},
                "avis": avis.pk,
                **({"lien": lien} if lien else {}),
            },
            personnel={f"mot {code}": dire.mot for code, dire in changees.items() if dire.mot} or None,
            scelles=[Scelle(SCEAU, str(ligne.pk), ligne.empreinte) for ligne in posees],
            chaine=chaine_organisme(vue.organisme),
        )
        annoncer_bascule(auteur, dossier, avant=avant)
    return tuple(changees)


def retirer_attestation(
    *, dossier: UUID, qualite: Qualite, competence: str, motif: str, auteur: Acteur, maintenant: datetime
) -> None:
    """Retire ce que l'on avait attesté : une ligne de plus, avec son motif. La retirer deux fois ne change rien.

    Lève `RefusDroit` comme `attester`, et `Refus` : `dossier_clos`, `motif_manquant`, `competence_inconnue`,
    `rien_a_retirer`.
    """
    verifier_peut_attester(auteur, dossier_connu(auteur, dossier), qualite)
    motif = propre(motif)
    if not motif:
        raise Refus("motif_manquant", "Dites pourquoi vous retirez cette attestation.")
    with acte(auteur=auteur, maintenant=maintenant, action=Action.RETRAIT) as journal:
        vue, carnet = _tenir(auteur, dossier, qualite, maintenant)
        avant = complet(auteur, dossier)
        ligne = _lignes(carnet, {competence: None})[competence]
        dernier = _derniers(carnet, qualite).get(competence, _RIEN)
        if dernier == _RIEN:
            raise Refus("rien_a_retirer", "Rien n'est attesté pour cette compétence en cette qualité.")
        if dernier.dit[0] == "":
            journal.rien_a_inscrire()
            return
        (posee,) = poser([(ligne, dernier.rang + 1, "", motif)], qualite, auteur, maintenant)
        journal.inscrire(
            objet=("carnet", carnet.pk),
            donnees={"dossier": dossier, "qualite": qualite, "competence": competence},
            personnel={"motif": motif},
            scelles=[Scelle(SCEAU, str(posee.pk), posee.empreinte)],
            chaine=chaine_organisme(vue.organisme),
        )
        annoncer_bascule(auteur, dossier, avant=avant)


def dossier_connu(auteur: Acteur, dossier: UUID) -> VueDossier:
    """Le dossier, sans verrou. Lève `Introuvable`."""
    vue = dossiers_par_ids(auteur, [dossier]).get(dossier)
    if vue is None:
        raise Introuvable
    return vue


def _tenir(auteur: Acteur, dossier: UUID, qualite: Qualite, maintenant: datetime) -> tuple[VueDossier, Carnet]:
    """Verrouille le dossier puis son carnet : ni la désignation ni la clôture ne changent pendant que l'on atteste."""
    vue = dossier_tenu(auteur, dossier)
    verifier_peut_attester(auteur, vue, qualite)
    verifier_tient_encore(droits(auteur, jour_civil(maintenant)), vue, qualite)
    verifier_ouvert(vue)
    return vue, carnet_verrouille(dossier)


def tenir(dossier: UUID, auteur: Acteur) -> tuple[VueDossier, Carnet]:
    """Verrouille le dossier puis son carnet. Lève `Introuvable` s'il n'en a pas, `Refus("dossier_clos")`."""
    vue = dossier_tenu(auteur, dossier)
    verifier_ouvert(vue)
    return vue, carnet_verrouille(dossier)


def verifier_ouvert(dossier: VueDossier) -> None:
    """Un carnet ne change que dans un dossier ouvert. Lève `Refus("dossier_clos")`."""
    if not dossier.ouvert:
        raise Refus("dossier_clos", "Ce dossier est clos : son carnet ne change plus.")


def carnet_verrouille(dossier: UUID) -> Carnet:
    """Le carnet, verrouillé jusqu'à la fin de la transaction. Lève `Introuvable` s'il n'est pas remis."""
    carnet = Carnet.objects.select_for_update(of=("self",)).filter(dossier_id=dossier).first()
    if carnet is None:
        raise Introuvable("Ce carnet n'est pas encore remis.")
    return carnet


def propre(texte: str) -> str:
    """Le texte saisi, en forme NFC : deux écritures du même « é » ne font pas deux empreintes."""
    return unicodedata.normalize("NFC", texte.replace("\r\n", "\n").strip())


def _lignes(carnet: Carnet, codes: Mapping[str, object]) -> dict[str, Ligne]:
    demandees = Ligne.objects.select_related("carnet__dossier").filter(carnet=carnet, competence__in=codes)
    lignes = {ligne.competence: ligne for ligne in demandees}
    inconnues = tuple(code for code in codes if code not in lignes)
    if inconnues:
        raise Refus("competence_inconnue", "Ces compétences ne sont pas dans ce carnet.", details=inconnues)
    return lignes


@dataclass(frozen=True, slots=True)
class _Dernier:
    """La dernière attestation d'une ligne : son rang, ce qu'elle dit (verdict, mot), qui l'a dit."""

    rang: int
    dit: tuple[str, str]
    auteur: UUID | None = None


_RIEN = _Dernier(0, ("", ""))


def _derniers(carnet: Carnet, qualite: Qualite) -> dict[str, _Dernier]:
    """Ce qui vaut de chaque compétence, qu'elle ait été attestée ici ou sous une version précédente."""
    competences = {ligne.origine_id or ligne.pk: ligne.competence for ligne in Ligne.objects.filter(carnet=carnet)}
    dites = attestations_de(competences).filter(qualite=qualite)
    return {
        competences[origine or ligne]: _Dernier(rang, (verdict, mot), auteur)
        for origine, ligne, rang, verdict, mot, auteur in dites.values_list(
            "ligne__origine_id", "ligne_id", "rang", "verdict", "mot", "auteur_id"
        )
    }


def _verifier_une_seule_voix(
    vue: VueDossier, carnet: Carnet, qualite: Qualite, codes: Collection[str], auteur: Acteur
) -> None:
    """Une personne n'atteste pas des deux côtés, même nommée de l'un puis de l'autre. Lève `Refus("meme_personne")`.

    Source : référentiel, « attestées par le tuteur et par le manager » ; ce qu'elle a signé reste, sous sa qualité d'alors.
    """
    dites = {code: dernier for code, dernier in _derniers(carnet, qualite.autre).items() if dernier.dit[0]}
    if dites.keys().isdisjoint(codes):
        return
    soi = identites(auteur, [auteur.id])[auteur.id]
    siennes = tuple(code for code in codes if code in dites and dites[code].auteur in soi)
    if not siennes:
        return
    autre = vue.designe(qualite.autre)
    qui = noms(auteur, [autre])[autre] if autre else "une autre personne"
    raise Refus(
        "meme_personne",
        f"Vous l'avez déjà attestée comme {qualite.autre.label.lower()}, et une personne n'atteste pas des deux côtés : "
        f"demandez à {qui} de l'attester à son tour comme {qualite.autre.label.lower()}, puis revenez.",
        conserve="Ce que vous avez signé reste, et vos choix sont toujours à l'écran.",
        details=siennes,
    )


def poser(
    dires: Sequence[tuple[Ligne, int, str, str]],
    qualite: Qualite,
    auteur: Acteur,
    maintenant: datetime,
    *,
    avis: UUID | None = None,
    lien: UUID | None = None,
) -> list[Attestation]:
    """Pose une attestation scellée par (ligne, rang, verdict, mot), sous le verrou du carnet."""
    posees = []
    for ligne, rang, verdict, mot in dires:
        attestation = Attestation(
            ligne=ligne,
            qualite=qualite,
            rang=rang,
            verdict=verdict,
            mot=mot,
            auteur_id=auteur.id,
            instant=maintenant,
            sel=secrets.token_bytes(16),
            avis_id=avis,
            lien_id=lien,
        )
        attestation.empreinte = empreinte_attestation(attestation)
        posees.append(attestation)
    return Attestation.objects.bulk_create(posees)


def annoncer_bascule(auteur: Acteur, dossier: UUID, *, avant: bool) -> None:
    """Annonce que le carnet vient de devenir complet, ou de ne plus l'être."""
    apres = complet(auteur, dossier)
    if apres and not avant:
        annoncer(CarnetComplet(dossier))
    elif avant and not apres:
        annoncer(CarnetRouvert(dossier))
