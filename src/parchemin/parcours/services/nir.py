"""Garder un NIR chiffré, le lire, l'effacer, changer de clé. Aucun chiffre du numéro n'entre au journal, ni dans un message.

Éteint par défaut : sans `PARCHEMIN_CLES_NIR`, chaque service lève `Introuvable`, comme si rien de tout cela n'existait.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings

from parchemin.comptes.selectors import droits
from parchemin.comptes.services import chaine_organisme
from parchemin.parcours import nir as regles
from parchemin.parcours.enums import CHAINE, Action
from parchemin.parcours.identite import Constat, refus
from parchemin.parcours.models import Dossier, EtatCivil, NirChiffre
from parchemin.parcours.permissions import verifier_peut_declarer
from parchemin.parcours.selectors import etat_de
from parchemin.parcours.services.dossiers import verrouiller
from parchemin.registre.services import acte
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.chiffrement import ChiffreIllisible, Trousseau
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus


def enregistrer_nir(*, dossier: UUID, nir: str, auteur: Acteur, maintenant: datetime) -> tuple[Constat, ...]:
    """Chiffre et garde le NIR du candidat (ou le remplace) ; rend les avertissements. Redire le même ne change rien.

    Lève `Introuvable`, `RefusDroit("declaration_reservee")`, `Refus("nir_faux")`.
    """
    trousseau = _trousseau()
    with acte(auteur=auteur, maintenant=maintenant, action=Action.NIR_ENREGISTRE) as journal:
        tenu = _tenir(dossier, auteur, maintenant)
        civil = EtatCivil.objects.filter(candidat_id=tenu.candidat_id).first()
        constats = regles.controler(nir, etat_de(civil) if civil else None)
        if faux := refus(constats):
            raise Refus("nir_faux", faux[0].message)
        numero = regles.net(nir)
        avant = NirChiffre.objects.select_for_update(of=("self",)).filter(candidat_id=tenu.candidat_id).first()
        if avant is not None and _vaut(avant, numero, trousseau):
            journal.rien_a_inscrire()
            return constats
        cle, chiffre = trousseau.chiffrer(numero, lie_a=_lien(tenu.candidat_id))
        NirChiffre.objects.update_or_create(
            candidat_id=tenu.candidat_id,
            defaults={"cle": cle, "chiffre": chiffre, "enregistre_le": maintenant, "enregistre_par": auteur.id},
        )
        journal.inscrire(
            objet=("dossier", tenu.pk),
            donnees={"remplace": avant is not None, "avertissements": [constat.code for constat in constats]},
            chaine=chaine_organisme(tenu.organisme_id),
        )
    return constats


def lire_nir(*, dossier: UUID, auteur: Acteur, maintenant: datetime) -> str:
    """Les quinze signes, pour la déclaration et pour elle seule : chaque lecture s'inscrit, sans la valeur.

    Lève `Introuvable` (pas de NIR, ou réglage éteint), `RefusDroit("declaration_reservee")`, `Refus("nir_illisible")`.
    """
    trousseau = _trousseau()
    with acte(auteur=auteur, maintenant=maintenant, action=Action.NIR_LU) as journal:
        tenu = _tenir(dossier, auteur, maintenant)
        ligne = NirChiffre.objects.filter(candidat_id=tenu.candidat_id).first()
        if ligne is None:
            raise Introuvable("Ce candidat n'a pas de NIR enregistré.")
        numero = _ouvrir(ligne, trousseau)
        journal.inscrire(objet=("dossier", tenu.pk), donnees={}, chaine=chaine_organisme(tenu.organisme_id))
    return numero


def effacer_nir(*, dossier: UUID, auteur: Acteur, maintenant: datetime) -> None:
    """Efface le NIR du candidat, pour de bon. Deux fois : sans effet. Lève `Introuvable`, `RefusDroit("declaration_reservee")`."""
    _trousseau()
    with acte(auteur=auteur, maintenant=maintenant, action=Action.NIR_EFFACE) as journal:
        tenu = _tenir(dossier, auteur, maintenant)
        if not NirChiffre.objects.filter(candidat_id=tenu.candidat_id).delete()[0]:
            journal.rien_a_inscrire()
            return
        journal.inscrire(objet=("dossier", tenu.pk), donnees={}, chaine=chaine_organisme(tenu.organisme_id))


def rechiffrer_nir(*, maintenant: datetime) -> int:
    """Chiffre de la clé courante ce qui l'est d'une autre ; rend combien. Tout ou rien ; rejouée, ne refait rien.

    Lève `Introuvable` (réglage éteint), `Refus("nir_illisible")` si une clé manque au trousseau : rien n'est alors changé.
    """
    trousseau = _trousseau()
    with acte(auteur=SYSTEME, maintenant=maintenant, action=Action.NIR_RECHIFFRES, chaine=CHAINE) as journal:
        lignes = list(NirChiffre.objects.select_for_update().exclude(cle=trousseau.courante).order_by("pk"))
        if not lignes:
            journal.rien_a_inscrire()
            return 0
        for ligne in lignes:
            numero = _ouvrir(ligne, trousseau)
            ligne.cle, ligne.chiffre = trousseau.chiffrer(numero, lie_a=_lien(ligne.candidat_id))
        NirChiffre.objects.bulk_update(lignes, ["cle", "chiffre"], batch_size=1_000)
        journal.inscrire(objet=("cle_nir", trousseau.courante), donnees={"rechiffres": len(lignes)})
    return len(lignes)


def _trousseau() -> Trousseau:
    trousseau: Trousseau | None = settings.PARCHEMIN_CLES_NIR
    if trousseau is None:
        raise Introuvable
    return trousseau


def _tenir(dossier: UUID, auteur: Acteur, maintenant: datetime) -> Dossier:
    ligne = verrouiller(dossier)
    verifier_peut_declarer(droits(auteur, jour_civil(maintenant)), ligne.referentiel_code)
    return ligne


def _lien(candidat: UUID) -> str:
    return f"nir:{candidat}"


def _ouvrir(ligne: NirChiffre, trousseau: Trousseau) -> str:
    try:
        return trousseau.ouvrir(ligne.cle, bytes(ligne.chiffre), lie_a=_lien(ligne.candidat_id))
    except ChiffreIllisible as erreur:
        raise Refus(
            "nir_illisible",
            "Ce NIR ne s'ouvre pas : sa clé manque au trousseau, ou il a changé. Prévenez qui tient l'installation.",
        ) from erreur


def _vaut(ligne: NirChiffre, numero: str, trousseau: Trousseau) -> bool:
    """Vrai si c'est déjà ce numéro ; illisible, il se remplace."""
    try:
        return _ouvrir(ligne, trousseau) == numero
    except Refus:
        return False
