"""Importer des organismes : lire sans rien écrire, garder le fichier, puis tout faire ou rien."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError

from parchemin.comptes.enums import Action
from parchemin.comptes.models import ImportOrganismes, Organisme
from parchemin.comptes.permissions import verifier_peut_creer_organisme
from parchemin.comptes.selectors.imports import lignes_gardees
from parchemin.comptes.selectors.imports_organismes import (
    COLONNES_OBLIGATOIRES,
    COLONNES_ORGANISMES,
    Plan,
    planifier_import,
)
from parchemin.comptes.services.commun import CHAINE, droits_de
from parchemin.comptes.services.imports import garder, regler, renoncer, reste_a_faire, sans_erreur, verrouiller
from parchemin.comptes.services.organismes import colonnes_de, verrouiller_l_arbre
from parchemin.registre.services import acte
from parchemin.socle import tableur
from parchemin.socle.acteur import Acteur
from parchemin.socle.bases import contrainte_violee
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Refus


def lire_organismes(*, nom_fichier: str, octets: bytes, auteur: Acteur, maintenant: datetime) -> ImportOrganismes:
    """Lit un fichier d'organismes et le garde en attente de confirmation. N'ajoute ni ne modifie aucun organisme.

    Lève `RefusDroit`, les refus de `socle.tableur.lire`, et `Refus("import_faux")` : `details` porte toutes les fautes de
    toutes les lignes, avec leur cellule ; rien n'est alors gardé.
    """
    verifier_peut_creer_organisme(droits_de(auteur, maintenant))
    lu = tableur.lire(octets, colonnes=COLONNES_ORGANISMES, obligatoires=COLONNES_OBLIGATOIRES)
    if not lu.lignes:
        raise Refus("import_vide", "Ce fichier a des en-têtes, mais aucune ligne.")
    sans_erreur(planifier_import(auteur, lu.lignes, jour_civil(maintenant)))
    return garder(
        ImportOrganismes,
        nom_fichier=nom_fichier,
        lignes=lu.lignes,
        action=Action.ORGANISMES_LUS,
        auteur=auteur,
        maintenant=maintenant,
    )


def confirmer_import(*, identifiant: UUID, auteur: Acteur, maintenant: datetime) -> Plan:
    """Fait tout ce que dit le fichier, ou rien ; rend ce qui a été fait. Confirmer deux fois ne fait rien de plus.

    Le fichier est comparé à nouveau à ce qui est enregistré : depuis la lecture, quelqu'un a pu changer un organisme. Lève
    `RefusDroit`, `Introuvable`, et `Refus` : `import_abandonne`, `import_expire`, `import_faux`.
    """
    verifier_peut_creer_organisme(droits_de(auteur, maintenant))
    try:
        return _confirmer(identifiant, auteur, maintenant)
    except IntegrityError as erreur:
        if contrainte_violee(erreur) in ("organisme_nom_unique", "organisme_siret_unique"):
            raise Refus(
                "import_faux", "Quelqu'un vient d'ajouter un de ces organismes : rien n'est importé, recommencez."
            ) from erreur
        raise


def _confirmer(identifiant: UUID, auteur: Acteur, maintenant: datetime) -> Plan:
    with acte(auteur=auteur, maintenant=maintenant, action=Action.ORGANISMES_IMPORTES, chaine=CHAINE) as journal:
        ligne = verrouiller(ImportOrganismes, identifiant, auteur)
        if not reste_a_faire(ligne, maintenant):
            journal.rien_a_inscrire()
            return Plan((), ())
        verrouiller_l_arbre()
        list(Organisme.objects.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
        plan = sans_erreur(planifier_import(auteur, lignes_gardees(ligne.lignes), jour_civil(maintenant)))
        ajouts, changes = plan.faire("ajouter"), plan.faire("modifier")
        Organisme.objects.bulk_create(
            [Organisme(pk=une.id, **colonnes_de(une.fiche)) for une in ajouts], batch_size=500
        )
        if changes:
            lignes = [Organisme(pk=une.id, **colonnes_de(une.fiche)) for une in changes]
            Organisme.objects.bulk_update(lignes, list(colonnes_de(changes[0].fiche)), batch_size=500)
        journal.inscrire(
            objet=("import_organismes", ligne.pk),
            donnees={
                "fichier": regler(ligne, maintenant),
                "crees": len(ajouts),
                "modifies": len(changes),
                "organismes_crees": [str(une.id) for une in ajouts],
                "organismes_modifies": [{"organisme": str(une.id), "champs": list(une.champs)} for une in changes],
            },
        )
    return plan


def abandonner_import(*, identifiant: UUID, auteur: Acteur, maintenant: datetime) -> None:
    """Renonce à un import en attente ; ses lignes sont vidées. Deux fois ne change rien. Lève `Introuvable`, `Refus("import_confirme")`."""
    renoncer(
        ImportOrganismes,
        identifiant=identifiant,
        deja_fait="Cet import est déjà fait : corrigez les organismes un à un.",
        auteur=auteur,
        maintenant=maintenant,
    )
