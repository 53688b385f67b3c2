"""Importer des candidats : lire sans rien inscrire, dire les colonnes, puis tout inscrire ou rien."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from hashlib import sha256
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from parchemin.comptes.selectors import droits
from parchemin.comptes.selectors.imports import lignes_gardees
from parchemin.comptes.services.imports import (
    VALIDITE_IMPORT,
    en_clair,
    purger,
    regler,
    renoncer,
    reste_a_faire,
    sans_erreur,
    verrouiller,
)
from parchemin.parcours.enums import CHAINE, Action
from parchemin.parcours.evenements import CandidatsImportes
from parchemin.parcours.models import (
    ImportCandidats,
)
from parchemin.parcours.permissions import verifier_peut_inscrire
from parchemin.parcours.selectors import (
    COLONNES,
    OBLIGATOIRES,
    PlanCandidats,
    VueImportCandidats,
    colonnes_proposees,
    planifier_candidats,
)
from parchemin.parcours.services.dossiers import verifier_entree
from parchemin.parcours.services.inscriptions_en_nombre import completer, inscrire_un_organisme
from parchemin.referentiels.selectors import VersionPubliee, fiche, version_publiee
from parchemin.registre.services import acte
from parchemin.socle import tableur
from parchemin.socle.acteur import Acteur
from parchemin.socle.annonces import annoncer
from parchemin.socle.bases import contrainte_violee
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Refus


def deposer_candidats(
    *, nom_fichier: str, octets: bytes, referentiel: str, auteur: Acteur, maintenant: datetime
) -> ImportCandidats:
    """Lit un fichier de candidats et le garde en attente. N'inscrit personne.

    Un fichier aux en-têtes du modèle est comparé aussitôt ; un autre attend que l'on dise ses colonnes (`octets` rempli). Lève
    `RefusDroit`, `Introuvable` (version), les refus de `socle.tableur.lire`, `Refus("import_vide")`, et `Refus("import_faux")`,
    dont `details` porte toutes les fautes de toutes les lignes, avec leur cellule ; rien n'est alors gardé.
    """
    version = _version(auteur, referentiel, maintenant)
    entetes = tableur.entetes(octets)
    proposees = colonnes_proposees(entetes)
    du_modele = {lettre for lettre, code in proposees.items() if COLONNES[code] == entetes[lettre]}
    reconnu = du_modele == set(entetes) and set(proposees.values()) >= OBLIGATOIRES
    lignes = _lues(octets, proposees, auteur, version, maintenant) if reconnu else []
    with acte(auteur=auteur, maintenant=maintenant, action=Action.CANDIDATS_LUS, chaine=CHAINE) as journal:
        ligne = ImportCandidats.objects.create(
            nom_fichier=tableur.nom_de_fichier(nom_fichier),
            referentiel=version.nom(),
            octets=None if reconnu else octets,
            lignes=lignes,
            depose_par=auteur.id,
            depose_le=maintenant,
            expire=maintenant + VALIDITE_IMPORT,
        )
        journal.inscrire(
            objet=("import_candidats", ligne.pk),
            donnees={"lignes": len(lignes), "fichier": sha256(octets).hexdigest()},
        )
    return ligne


def dire_les_colonnes(
    *, identifiant: UUID, correspondance: Mapping[str, str], auteur: Acteur, maintenant: datetime
) -> None:
    """Dit quelle colonne est laquelle (lettre → code) ; le fichier est alors lu et comparé. N'inscrit personne.

    Lève `Introuvable`, `Refus("colonne_en_double")`, et ce que lève `deposer_candidats`.
    """
    codes = [code for code in correspondance.values() if code]
    if doubles := sorted({COLONNES[code] for code in codes if codes.count(code) > 1}):
        raise Refus("colonne_en_double", f"Deux colonnes sont dites « {doubles[0]} » : n'en gardez qu'une.")
    with acte(auteur=auteur, maintenant=maintenant, action=Action.CANDIDATS_LUS, chaine=CHAINE) as journal:
        ligne = verrouiller(ImportCandidats, identifiant, auteur)
        version = _version(auteur, ligne.referentiel, maintenant)
        if not reste_a_faire(ligne, maintenant) or ligne.octets is None:
            journal.rien_a_inscrire()
            return
        dites = {lettre: code for lettre, code in correspondance.items() if code}
        ligne.lignes = _lues(bytes(ligne.octets), dites, auteur, version, maintenant)
        ligne.octets = None
        ligne.save(update_fields=["lignes", "octets"])
        journal.inscrire(
            objet=("import_candidats", ligne.pk),
            donnees={"lignes": len(ligne.lignes), "colonnes": sorted(dites.values())},
        )


def confirmer_candidats(*, identifiant: UUID, auteur: Acteur, maintenant: datetime) -> PlanCandidats:
    """Inscrit tous les candidats du fichier, ou aucun ; rend ce qui a été fait. Confirmer deux fois ne fait rien de plus.

    Le fichier est comparé à nouveau à ce qui est enregistré. Lève `RefusDroit`, `Introuvable`, `Refus("import_faux")`.
    """
    try:
        return _confirmer(identifiant, auteur, maintenant)
    except IntegrityError as erreur:
        if contrainte_violee(erreur) in ("personne_courriel_unique", "dossier_un_ouvert_par_version"):
            raise Refus(
                "import_faux",
                "Une de ces adresses est déjà prise, ou un de ces candidats vient d'être inscrit : personne n'est inscrit, "
                "déposez le fichier à nouveau.",
            ) from erreur
        raise


def _confirmer(identifiant: UUID, auteur: Acteur, maintenant: datetime) -> PlanCandidats:
    with acte(auteur=auteur, maintenant=maintenant, action=Action.CANDIDATS_IMPORTES, chaine=CHAINE) as journal:
        ligne = verrouiller(ImportCandidats, identifiant, auteur)
        if not reste_a_faire(ligne, maintenant):
            journal.rien_a_inscrire()
            return PlanCandidats((), ())
        if ligne.octets is not None:
            raise Refus("colonnes_a_dire", "Dites d'abord quelle colonne est laquelle.")
        version = _version(auteur, ligne.referentiel, maintenant)
        plan = _planifier(lignes_gardees(ligne.lignes), auteur, version, maintenant)
        a_inscrire = sorted(plan.faire("inscrire"), key=lambda une: (str(une.organisme), une.numero))
        agit = (*a_inscrire, *plan.faire("completer"))
        completer(plan.faire("completer"), maintenant)
        dossiers: list[str] = []
        roles: list[UUID] = []
        for organisme, groupe in groupby(a_inscrire, key=lambda une: une.organisme):
            ouverts, donnes = inscrire_un_organisme(organisme, list(groupe), ligne, version, auteur, maintenant)
            dossiers += ouverts
            roles += donnes
        regler(ligne, maintenant)
        ligne.organismes = sorted({str(une.organisme) for une in plan.candidatures})
        ligne.cree = {
            "personnes": [str(une.candidat) for une in a_inscrire if not une.connu],
            "roles": [str(role) for role in roles],
            "etats_civils": [str(une.candidat) for une in agit if not une.etat_connu],
        }
        ligne.save(update_fields=["organismes", "cree"])
        journal.inscrire(
            objet=("import_candidats", ligne.pk),
            donnees={
                "inscrits": len(dossiers),
                "completes": len(plan.faire("completer")),
                "dossiers": dossiers,
                "referentiel": version.nom(),
            },
        )
        if dossiers:
            annoncer(CandidatsImportes(ligne.pk))
    return plan


def essayer_candidats(*, vue: VueImportCandidats, auteur: Acteur, maintenant: datetime) -> PlanCandidats:
    """L'essai à blanc d'un import en attente. N'écrit rien. Lève `Refus("import_faux")`, avec toutes les fautes."""
    version = _version(auteur, vue.referentiel, maintenant)
    return _planifier(vue.lignes, auteur, version, maintenant)


def abandonner_candidats(*, identifiant: UUID, auteur: Acteur, maintenant: datetime) -> None:
    """Renonce à un import en attente ; son contenu est vidé. Deux fois ne change rien.

    Lève `Introuvable`, `Refus("import_confirme")`.
    """
    renoncer(
        ImportCandidats,
        identifiant=identifiant,
        deja_fait="Cet import est déjà confirmé : ses candidats sont inscrits. Ouvrez-le pour le défaire.",
        auteur=auteur,
        maintenant=maintenant,
    )


def purger_candidats(*, maintenant: datetime) -> int:
    """Vide les fichiers qui ont expiré sans confirmation ; rend leur nombre."""
    return purger(ImportCandidats, maintenant=maintenant)


# Lire ----------------------------------------------------------------------------------------------------------------


def _version(auteur: Acteur, referentiel: str, maintenant: datetime) -> VersionPubliee:
    code, _, numero = referentiel.partition("@")
    verifier_peut_inscrire(droits(auteur, jour_civil(maintenant)))
    return version_publiee(auteur, code, numero)


def _lues(
    octets: bytes, correspondance: Mapping[str, str], auteur: Acteur, version: VersionPubliee, maintenant: datetime
) -> list[dict[str, Any]]:
    lu = tableur.lire(octets, colonnes=COLONNES, obligatoires=OBLIGATOIRES, correspondance=correspondance)
    if not lu.lignes:
        raise Refus("import_vide", "Ce fichier a des en-têtes, mais aucune ligne.")
    _planifier(lu.lignes, auteur, version, maintenant)
    return en_clair(lu.lignes)


def _planifier(
    lignes: Sequence[tableur.Ligne], auteur: Acteur, version: VersionPubliee, maintenant: datetime
) -> PlanCandidats:
    jour = jour_civil(maintenant)
    entree = partial(verifier_entree, fiche(auteur, version), version.nom(), jour)
    return sans_erreur(planifier_candidats(auteur, version, lignes, jour, entree), "personne n'est inscrit")
