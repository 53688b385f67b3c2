"""Écrire les organismes : les ajouter, les corriger, les ranger en arbre, les fermer."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection

from moteur.regles import habilitation as regle
from parchemin.comptes.enums import Action, Branche
from parchemin.comptes.evenements import HabilitationChangee
from parchemin.comptes.models import Habilitation, Organisme
from parchemin.comptes.permissions import verifier_peut_creer_organisme
from parchemin.comptes.selectors.fiches_organismes import FicheOrganisme, fiche_de
from parchemin.comptes.selectors.habilitations import histoire
from parchemin.comptes.services.commun import CHAINE, cle_de_recherche, droits_de
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.annonces import annoncer
from parchemin.socle.bases import contrainte_violee
from parchemin.socle.cles import cle_tri
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus

_VERROU_DE_L_ARBRE = 7_262_001
"""Un seul à la fois change l'arbre : deux rattachements croisés feraient un cercle que nul ne verrait."""


def creer_organisme(
    *,
    nom: str,
    nom_court: str,
    branche: Branche,
    auteur: Acteur,
    maintenant: datetime,
    siret: str = "",
    adresse: str = "",
    code_postal: str = "",
    commune: str = "",
    parent: UUID | None = None,
    hors_ligne: bool = True,
) -> Organisme:
    """Ajoute un organisme.

    Lève `RefusDroit` sans le droit, et `Refus` : `organisme_deja_la` (ce nom existe), `siret_deja_la`, `siret_faux`,
    `code_postal_faux`, `parent_inconnu`, `parent_ferme`.
    """
    verifier_peut_creer_organisme(droits_de(auteur, maintenant))
    fiche = FicheOrganisme(
        nom, nom_court, branche, siret, adresse, code_postal, commune, parent, hors_ligne
    ).nette()  # fmt: skip
    try:
        with acte(auteur=auteur, maintenant=maintenant, action=Action.ORGANISME_CREE, chaine=CHAINE) as journal:
            if fiche.parent is not None:
                _verifier_parent(None, fiche.parent, jour_civil(maintenant))
            organisme = Organisme(**colonnes_de(fiche))
            organisme.save(force_insert=True)
            journal.inscrire(objet=("organisme", organisme.pk), donnees=dire_fiche(fiche))
    except IntegrityError as erreur:
        raise _refus_d_unicite(erreur, fiche) from erreur
    return organisme


def modifier_organisme(*, organisme: UUID, fiche: FicheOrganisme, auteur: Acteur, maintenant: datetime) -> Organisme:
    """Récrit la fiche d'un organisme ; le journal garde chaque valeur d'avant. La même fiche ne change rien.

    Lève `RefusDroit`, `Introuvable`, les refus de `creer_organisme`, et `Refus("parent_en_cercle")`.
    """
    verifier_peut_creer_organisme(droits_de(auteur, maintenant))
    fiche = fiche.nette()
    try:
        with acte(auteur=auteur, maintenant=maintenant, action=Action.ORGANISME_MODIFIE, chaine=CHAINE) as journal:
            if fiche.parent is not None:
                verrouiller_l_arbre()  # avant la ligne : sans quoi deux rattachements croisés s'attendraient
            ligne = _verrouiller(organisme)
            avant, apres = dire_fiche(fiche_de(ligne)), dire_fiche(fiche)
            if avant == apres:
                journal.rien_a_inscrire()
                return ligne
            if fiche.parent is not None and fiche.parent != ligne.parent_id:
                _verifier_parent(organisme, fiche.parent, jour_civil(maintenant))
            for champ, valeur in colonnes_de(fiche).items():
                setattr(ligne, champ, valeur)
            ligne.save()
            changes = [champ for champ in apres if avant[champ] != apres[champ]]
            journal.inscrire(
                objet=("organisme", ligne.pk),
                donnees={
                    "champs": changes,
                    "avant": {champ: avant[champ] for champ in changes},
                    "apres": {champ: apres[champ] for champ in changes},
                },
            )
    except IntegrityError as erreur:
        raise _refus_d_unicite(erreur, fiche) from erreur
    return ligne


def fermer_organisme(*, organisme: UUID, ferme_le: date, motif: str, auteur: Acteur, maintenant: datetime) -> Organisme:
    """Ferme un organisme à partir du jour `ferme_le` : plus de rôle, de dossier, d'enfant ni d'habilitation nouveaux.

    Ce qui est commencé s'achève, et l'histoire reste. Le redire ne change rien. Lève `RefusDroit`, `Introuvable`, et
    `Refus` : `motif_manquant`, `habilitation_en_cours`.
    """
    verifier_peut_creer_organisme(droits_de(auteur, maintenant))
    motif = motif.strip()
    with acte(auteur=auteur, maintenant=maintenant, action=Action.ORGANISME_FERME, chaine=CHAINE) as journal:
        ligne = _verrouiller(organisme)
        if ligne.ferme_le == ferme_le and motif in ("", ligne.motif_fermeture):
            journal.rien_a_inscrire()
            return ligne
        if not motif:
            raise Refus("motif_manquant", "Dites pourquoi l'organisme ferme : fusion, changement de nom, disparition…")
        if any(_court_encore(une, ferme_le) for une in Habilitation.objects.filter(organisme=ligne)):
            raise Refus(
                "habilitation_en_cours",
                "Une habilitation court encore ce jour-là : résiliez-la d'abord, sa fin se déclare à France compétences.",
            )
        ligne.ferme_le, ligne.motif_fermeture = ferme_le, motif
        ligne.save(update_fields=["ferme_le", "motif_fermeture"])
        journal.inscrire(objet=("organisme", ligne.pk), donnees={"ferme_le": ferme_le.isoformat(), "motif": motif})
        annoncer(HabilitationChangee(ligne.pk, maintenant))
    return ligne


def rouvrir_organisme(*, organisme: UUID, auteur: Acteur, maintenant: datetime) -> Organisme:
    """Rouvre un organisme fermé par erreur. Le redire ne change rien. Lève `RefusDroit`, `Introuvable`."""
    verifier_peut_creer_organisme(droits_de(auteur, maintenant))
    with acte(auteur=auteur, maintenant=maintenant, action=Action.ORGANISME_ROUVERT, chaine=CHAINE) as journal:
        ligne = _verrouiller(organisme)
        if ligne.ferme_le is None:
            journal.rien_a_inscrire()
            return ligne
        etait = ligne.ferme_le
        ligne.ferme_le, ligne.motif_fermeture = None, ""
        ligne.save(update_fields=["ferme_le", "motif_fermeture"])
        journal.inscrire(objet=("organisme", ligne.pk), donnees={"etait_ferme_le": etait.isoformat()})
        annoncer(HabilitationChangee(ligne.pk, maintenant))
    return ligne


def verifier_organisme_ouvert(organisme: UUID, jour: date) -> None:
    """Verrouille un organisme jusqu'à la fin de la transaction et vérifie qu'on peut encore y entrer.

    Lève `Introuvable`, `Refus("organisme_ferme")`. Une fermeture et une entrée du même instant passent l'une après l'autre.
    """
    ligne = _verrouiller(organisme)
    if ligne.ferme_le is not None and ligne.ferme_le <= jour:
        raise Refus(
            "organisme_ferme", f"{ligne.nom} est fermé depuis le {ligne.ferme_le:%d/%m/%Y} : on n'y entre plus."
        )


def verrouiller_l_arbre() -> None:
    """Fait attendre, jusqu'à la fin de la transaction, tout autre rattachement."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_xact_lock(%s)", [_VERROU_DE_L_ARBRE])


def _verrouiller(organisme: UUID) -> Organisme:
    ligne = Organisme.objects.select_for_update(of=("self",)).filter(pk=organisme).first()
    if ligne is None:
        raise Introuvable("Cet organisme n'existe pas.")
    return ligne


def _verifier_parent(organisme: UUID | None, parent: UUID, jour: date) -> None:
    verrouiller_l_arbre()
    lu = Organisme.objects.filter(pk=parent).first()
    if lu is None:
        raise Refus("parent_inconnu", "L'organisme parent n'existe pas.")
    if lu.ferme_le is not None and lu.ferme_le <= jour:
        raise Refus("parent_ferme", f"{lu.nom} est fermé : on n'y rattache plus d'organisme.")
    plus_haut: UUID | None = parent
    while plus_haut is not None:
        if plus_haut == organisme:
            raise Refus("parent_en_cercle", f"{lu.nom} dépend déjà de cet organisme : on ferait un cercle.")
        plus_haut = Organisme.objects.filter(pk=plus_haut).values_list("parent_id", flat=True).first()


def _court_encore(habilitation: Habilitation, jour: date) -> bool:
    finis = (regle.EtatHabilitation.RESILIEE, regle.EtatHabilitation.ECHUE)
    return regle.etat_au(histoire(habilitation), jour) not in finis


def colonnes_de(fiche: FicheOrganisme) -> dict[str, Any]:
    """Les colonnes de la table, clés de tri et de recherche comprises."""
    valeurs = asdict(fiche)
    valeurs["parent_id"] = valeurs.pop("parent")
    return valeurs | {
        "cle_tri": cle_tri(fiche.nom),
        "cle_recherche": cle_de_recherche(fiche.nom, fiche.nom_court, fiche.commune, fiche.siret),
    }


def dire_fiche(fiche: FicheOrganisme) -> dict[str, Any]:
    """La fiche, telle que le journal la garde."""
    return asdict(fiche) | {"branche": str(fiche.branche), "parent": str(fiche.parent) if fiche.parent else None}


def _refus_d_unicite(erreur: IntegrityError, fiche: FicheOrganisme) -> Exception:
    refus = {
        "organisme_nom_unique": Refus("organisme_deja_la", f"Un organisme porte déjà le nom « {fiche.nom} »."),
        "organisme_siret_unique": Refus("siret_deja_la", f"Un organisme porte déjà le SIRET {fiche.siret}."),
    }
    return refus.get(contrainte_violee(erreur), erreur)
