"""Importer des liens entre personnes : lire sans rien écrire, garder le fichier, puis tout faire ou rien."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from parchemin.comptes.enums import Action, OrigineDeLien
from parchemin.comptes.evenements import LiensImportes
from parchemin.comptes.models import ImportLiens, Lien, Personne
from parchemin.comptes.permissions import verifier_peut_gerer_les_comptes
from parchemin.comptes.selectors.imports import lignes_gardees
from parchemin.comptes.selectors.imports_liens import (
    COLONNES_LIENS,
    COLONNES_OBLIGATOIRES,
    PlanLiens,
    planifier_import_liens,
)
from parchemin.comptes.services.commun import CHAINE, droits_de
from parchemin.comptes.services.imports import garder, regler, renoncer, reste_a_faire, sans_erreur, verrouiller
from parchemin.registre.services import acte
from parchemin.socle import tableur
from parchemin.socle.acteur import Acteur
from parchemin.socle.annonces import annoncer
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Refus


def lire_liens(*, nom_fichier: str, octets: bytes, auteur: Acteur, maintenant: datetime) -> ImportLiens:
    """Lit un fichier de liens et le garde en attente de confirmation. N'inscrit aucun lien.

    Lève `RefusDroit("comptes_reserves")`, les refus de `socle.tableur.lire`, et `Refus("import_vide" | "import_faux")` :
    `details` porte toutes les fautes de toutes les lignes, avec leur cellule ; rien n'est alors gardé.
    """
    verifier_peut_gerer_les_comptes(droits_de(auteur, maintenant))
    lu = tableur.lire(octets, colonnes=COLONNES_LIENS, obligatoires=COLONNES_OBLIGATOIRES)
    if not lu.lignes:
        raise Refus("import_vide", "Ce fichier a des en-têtes, mais aucune ligne.")
    sans_erreur(planifier_import_liens(auteur, lu.lignes, jour_civil(maintenant)))
    return garder(
        ImportLiens,
        nom_fichier=nom_fichier,
        lignes=lu.lignes,
        action=Action.LIENS_LUS,
        auteur=auteur,
        maintenant=maintenant,
    )


def confirmer_import_liens(*, identifiant: UUID, auteur: Acteur, maintenant: datetime) -> PlanLiens:
    """Inscrit tous les liens du fichier, ou aucun ; rend ce qui a été fait. Confirmer deux fois ne fait rien de plus.

    Le fichier est comparé à nouveau à ce qui est inscrit, toutes ses personnes verrouillées comme par une saisie à la main.
    Annonce `LiensImportes`, une fois. Le journal dit qui est touché, jamais le genre d'un lien : un lien personnel ne s'y
    devine pas. Lève `RefusDroit`, `Introuvable`, et `Refus` : `import_abandonne`, `import_expire`, `import_faux`.
    """
    verifier_peut_gerer_les_comptes(droits_de(auteur, maintenant))
    jour = jour_civil(maintenant)
    with acte(auteur=auteur, maintenant=maintenant, action=Action.LIENS_IMPORTES, chaine=CHAINE) as journal:
        ligne = verrouiller(ImportLiens, identifiant, auteur)
        if not reste_a_faire(ligne, maintenant):
            journal.rien_a_inscrire()
            return PlanLiens((), ())
        lues = lignes_gardees(ligne.lignes)
        nommees = sans_erreur(planifier_import_liens(auteur, lues, jour)).personnes
        list(Personne.objects.select_for_update(of=("self",)).filter(pk__in=nommees).order_by("pk").values_list("pk"))
        plan = sans_erreur(planifier_import_liens(auteur, lues, jour))
        ajouts = plan.faire("ajouter")
        liens = Lien.objects.bulk_create(
            [
                Lien(
                    de_id=une.de,
                    vers_id=une.vers,
                    genre=une.genre,
                    du=une.periode.du,
                    au=une.periode.au,
                    session=une.session,
                    blocs=list(une.blocs),
                    origine=OrigineDeLien.IMPORT,
                    importation=ligne,
                    auteur=auteur.id,
                    instant=maintenant,
                )
                for une in ajouts
            ],
            batch_size=1_000,
        )
        journal.inscrire(
            objet=(ImportLiens.OBJET, ligne.pk),
            donnees={
                "fichier": regler(ligne, maintenant),
                "crees": len(liens),
                "liens_crees": [str(lien.pk) for lien in liens],
                "personnes": sorted({str(qui) for une in ajouts for qui in (une.de, une.vers)}),
            },
        )
        if liens:
            annoncer(LiensImportes(ligne.pk, maintenant))
    return plan


def abandonner_import_liens(*, identifiant: UUID, auteur: Acteur, maintenant: datetime) -> None:
    """Renonce à un import en attente ; ses lignes sont vidées. Deux fois ne change rien. Lève `Introuvable`, `Refus("import_confirme")`."""
    renoncer(
        ImportLiens,
        identifiant=identifiant,
        deja_fait="Cet import est déjà fait : corrigez les liens un à un, sur la fiche de chacun.",
        auteur=auteur,
        maintenant=maintenant,
    )
