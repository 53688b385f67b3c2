"""Répudier ce que l'on n'a pas attesté ; lever le gel une fois la chose éclaircie."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import structlog
from django.core.cache import cache

from parchemin.carnet.enums import Action
from parchemin.carnet.evenements import AttestationsRepudiees
from parchemin.carnet.models import Attestation, AvisAttestation, Levee, Repudiation
from parchemin.carnet.permissions import verifier_peut_lever
from parchemin.carnet.selectors import SCEAU, VueAvis, attestations_de, avis_du_jeton, complet
from parchemin.carnet.services.carnets import (
    annoncer_bascule,
    carnet_verrouille,
    dossier_connu,
    poser,
    propre,
)
from parchemin.comptes.selectors import droits
from parchemin.comptes.services import chaine_organisme
from parchemin.parcours.enums import Qualite
from parchemin.parcours.selectors import dernier_dossier, dossier_tenu
from parchemin.registre.sceaux import Scelle
from parchemin.registre.services import acte
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.annonces import annoncer
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus

technique = structlog.get_logger("parchemin.acces")

REPUDIEE = "Répudiée : la personne dit qu'elle ne l'a pas attestée."
TRANCHE_DE_REJET = 300
"""Secondes : le même avis rejeté ne s'inscrit qu'une fois par tranche."""


def repudier(*, jeton: str, motif: str, maintenant: datetime) -> None:
    """Répudie par le lien du courriel ; l'auteur est la personne qui l'a reçu.

    Lève `Refus("avis_inconnu")`, et ce que lève `repudier_avis`.
    """
    avis = avis_du_jeton(jeton)
    if avis is None:
        technique.warning("avis_inconnu")
        raise Refus("avis_inconnu", "Ce lien n'est pas le bon : copiez l'adresse entière depuis votre courriel.")
    repudier_avis(avis=avis, motif=motif, maintenant=maintenant)


def repudier_avis(*, avis: VueAvis, motif: str, maintenant: datetime) -> None:
    """Dit, au nom de la personne de cet avis, qu'elle n'a pas attesté ce qu'il porte. Le redire ne change rien.

    Chaque attestation de l'avis qui vaut encore reçoit, après elle, une ligne sans verdict qui dit pourquoi ; le carnet est
    gelé, et le gestionnaire appelé. Lève `Refus("avis_echu")`, inscrit au journal.
    """
    if avis.repudie:
        return
    if avis.jusqu_au <= maintenant:
        _noter_rejet(avis.id, avis.dossier, "avis_echu", maintenant)
        raise Refus(
            "avis_echu",
            "Le délai pour répudier est passé : écrivez à la personne qui gère le dossier, elle peut encore agir.",
        )
    auteur, motif = Acteur(avis.personne), propre(motif)
    with acte(auteur=auteur, maintenant=maintenant, action=Action.REPUDIATION) as journal:
        courant = dernier_dossier(auteur, avis.dossier)  # ce qui fut attesté sous une version se répudie où il vaut
        vue = dossier_tenu(auteur, courant)
        carnet = carnet_verrouille(courant)
        if Repudiation.objects.filter(avis_id=avis.id).exists():
            journal.rien_a_inscrire()
            return
        avant = complet(auteur, courant)
        ecrit = AvisAttestation.objects.get(pk=avis.id)
        repudiation = Repudiation.objects.create(avis=ecrit, carnet=carnet, motif=motif, instant=maintenant)
        posees = []
        for dite in (
            Attestation.objects.filter(avis=ecrit).select_related("ligne__carnet__dossier").order_by("ligne__rang")
        ):
            derniere = attestations_de([dite.ligne.origine_id or dite.ligne_id]).filter(qualite=dite.qualite).last()
            if derniere is not None and derniere.pk == dite.pk and dite.verdict:
                posees += poser([(dite.ligne, dite.rang + 1, "", REPUDIEE)], Qualite(dite.qualite), auteur, maintenant)
        journal.inscrire(
            objet=("carnet", carnet.pk),
            donnees={
                "dossier": courant,
                "qualite": avis.qualite,
                "avis": avis.id,
                "competences": [posee.ligne.competence for posee in posees],
            },
            personnel={"motif": motif} if motif else None,
            scelles=[Scelle(SCEAU, str(posee.pk), posee.empreinte) for posee in posees],
            chaine=chaine_organisme(vue.organisme),
        )
        annoncer_bascule(auteur, courant, avant=avant)
        annoncer(AttestationsRepudiees(courant, repudiation.pk, maintenant))


def lever_le_gel(*, repudiation: UUID, motif: str, auteur: Acteur, maintenant: datetime) -> None:
    """Le gestionnaire dit ce qu'il a éclairci : le carnet n'est plus gelé. Ce qui fut répudié reste à attester de nouveau.

    Le redire ne change rien. Lève `Introuvable`, `RefusDroit("levee_reservee" | "cause_propre")`, `Refus("motif_manquant")`.
    """
    ligne = Repudiation.objects.filter(pk=repudiation).select_related("carnet", "avis").first()
    if ligne is None:
        raise Introuvable
    vue = dossier_connu(auteur, ligne.carnet.dossier_id)
    verifier_peut_lever(droits(auteur, jour_civil(maintenant)), vue, ligne.avis.personne_id)
    motif = propre(motif)
    if not motif:
        raise Refus("motif_manquant", "Dites ce que vous avez éclairci, et avec qui.")
    with acte(auteur=auteur, maintenant=maintenant, action=Action.LEVEE) as journal:
        carnet = carnet_verrouille(ligne.carnet.dossier_id)
        if Levee.objects.filter(repudiation=ligne).exists():
            journal.rien_a_inscrire()
            return
        Levee.objects.create(repudiation=ligne, motif=motif, auteur=auteur.id, instant=maintenant)
        journal.inscrire(
            objet=("carnet", carnet.pk),
            donnees={"dossier": ligne.carnet.dossier_id, "repudiation": repudiation},
            personnel={"motif": motif},
            chaine=chaine_organisme(vue.organisme),
        )


def _noter_rejet(avis: UUID, dossier: UUID, raison: str, maintenant: datetime) -> None:
    if not cache.add(f"parchemin:rejet:{avis}:{raison}", 1, TRANCHE_DE_REJET):
        return
    vue = dossier_connu(SYSTEME, dossier)
    with acte(auteur=SYSTEME, maintenant=maintenant, action=Action.LIEN_REFUSE) as journal:
        journal.inscrire(
            objet=("avis d'attestation", avis), donnees={"raison": raison}, chaine=chaine_organisme(vue.organisme)
        )
