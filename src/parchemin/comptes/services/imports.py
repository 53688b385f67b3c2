"""Importer des organismes : lire sans rien écrire, garder le fichier, puis tout faire ou rien."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.db import IntegrityError

from parchemin.comptes.enums import Action
from parchemin.comptes.models import ImportOrganismes, Organisme
from parchemin.comptes.permissions import verifier_peut_creer_organisme
from parchemin.comptes.selectors.imports import (
    COLONNES_OBLIGATOIRES,
    COLONNES_ORGANISMES,
    Plan,
    lignes_gardees,
    planifier_import,
)
from parchemin.comptes.services.commun import CHAINE, droits_de, propre
from parchemin.comptes.services.organismes import colonnes_de, verrouiller_l_arbre
from parchemin.registre.services import acte
from parchemin.socle import tableur
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.bases import contrainte_violee
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus

VALIDITE_IMPORT = timedelta(days=7)
"""Le temps de faire relire un fichier avant de le confirmer."""


def lire_organismes(*, nom_fichier: str, octets: bytes, auteur: Acteur, maintenant: datetime) -> ImportOrganismes:
    """Lit un fichier d'organismes et le garde en attente de confirmation. N'ajoute ni ne modifie aucun organisme.

    Lève `RefusDroit`, les refus de `socle.tableur.lire`, et `Refus("import_faux")` : `details` porte toutes les fautes de
    toutes les lignes, avec leur cellule ; rien n'est alors gardé.
    """
    verifier_peut_creer_organisme(droits_de(auteur, maintenant))
    lu = tableur.lire(octets, colonnes=COLONNES_ORGANISMES, obligatoires=COLONNES_OBLIGATOIRES)
    if not lu.lignes:
        raise Refus("import_vide", "Ce fichier a des en-têtes, mais aucune ligne.")
    _sans_erreur(planifier_import(auteur, lu.lignes, jour_civil(maintenant)))
    gardees = [{"numero": une.numero, "valeurs": dict(une.valeurs), "places": dict(une.places)} for une in lu.lignes]
    with acte(auteur=auteur, maintenant=maintenant, action=Action.ORGANISMES_LUS, chaine=CHAINE) as journal:
        ligne = ImportOrganismes.objects.create(
            nom_fichier=propre(nom_fichier)[:160],
            lignes=gardees,
            depose_par=auteur.id,
            depose_le=maintenant,
            expire=maintenant + VALIDITE_IMPORT,
        )
        journal.inscrire(
            objet=("import_organismes", ligne.pk), donnees={"lignes": len(gardees), "fichier": _empreinte(gardees)}
        )
    return ligne


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
        ligne = _verrouiller(identifiant, auteur)
        if ligne.confirme_le is not None:
            journal.rien_a_inscrire()
            return Plan((), ())
        if ligne.abandonne_le is not None:
            raise Refus("import_abandonne", "Cet import a été abandonné : déposez le fichier à nouveau.")
        if ligne.expire <= maintenant:
            raise Refus("import_expire", "Ce fichier attend depuis trop longtemps : déposez-le à nouveau.")
        verrouiller_l_arbre()
        list(Organisme.objects.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
        plan = _sans_erreur(planifier_import(auteur, lignes_gardees(ligne.lignes), jour_civil(maintenant)))
        ajouts, changes = plan.faire("ajouter"), plan.faire("modifier")
        Organisme.objects.bulk_create(
            [Organisme(pk=une.id, **colonnes_de(une.fiche)) for une in ajouts], batch_size=500
        )
        if changes:
            lignes = [Organisme(pk=une.id, **colonnes_de(une.fiche)) for une in changes]
            Organisme.objects.bulk_update(lignes, list(colonnes_de(changes[0].fiche)), batch_size=500)
        empreinte = _empreinte(ligne.lignes)
        ligne.confirme_le, ligne.lignes = maintenant, []
        ligne.save(update_fields=["confirme_le", "lignes"])
        journal.inscrire(
            objet=("import_organismes", ligne.pk),
            donnees={
                "fichier": empreinte,
                "crees": len(ajouts),
                "modifies": len(changes),
                "organismes_crees": [str(une.id) for une in ajouts],
                "organismes_modifies": [{"organisme": str(une.id), "champs": list(une.champs)} for une in changes],
            },
        )
    return plan


def abandonner_import(*, identifiant: UUID, auteur: Acteur, maintenant: datetime) -> None:
    """Renonce à un import en attente ; ses lignes sont vidées. Deux fois ne change rien. Lève `Introuvable`, `Refus("import_confirme")`."""
    with acte(auteur=auteur, maintenant=maintenant, action=Action.IMPORT_ABANDONNE, chaine=CHAINE) as journal:
        ligne = _verrouiller(identifiant, auteur)
        if ligne.confirme_le is not None:
            raise Refus("import_confirme", "Cet import est déjà fait : corrigez les organismes un à un.")
        if ligne.abandonne_le is not None:
            journal.rien_a_inscrire()
            return
        ligne.abandonne_le, ligne.lignes = maintenant, []
        ligne.save(update_fields=["abandonne_le", "lignes"])
        journal.inscrire(objet=("import_organismes", ligne.pk), donnees={})


def purger_imports(*, maintenant: datetime) -> int:
    """Vide les fichiers qui ont expiré sans confirmation ; rend leur nombre."""
    expires = ImportOrganismes.objects.filter(confirme_le=None, abandonne_le=None, expire__lte=maintenant)
    cles = list(expires.order_by("pk").values_list("pk", "depose_par"))
    for cle, depose_par in cles:
        with acte(auteur=SYSTEME, maintenant=maintenant, action=Action.IMPORT_ABANDONNE, chaine=CHAINE) as journal:
            ligne = _verrouiller(cle, Acteur(depose_par))
            if ligne.confirme_le is not None or ligne.abandonne_le is not None:
                journal.rien_a_inscrire()
                continue
            ligne.abandonne_le, ligne.lignes = maintenant, []
            ligne.save(update_fields=["abandonne_le", "lignes"])
            journal.inscrire(objet=("import_organismes", ligne.pk), donnees={"expire": True})
    return len(cles)


def _sans_erreur(plan: Plan) -> Plan:
    if plan.erreurs:
        nombre = len(plan.erreurs)
        raise Refus(
            "import_faux",
            f"{nombre} erreur{'s' if nombre > 1 else ''} dans ce fichier : rien n'est importé.",
            details=plan.erreurs,
        )
    return plan


def _verrouiller(identifiant: UUID, auteur: Acteur) -> ImportOrganismes:
    ligne = (
        ImportOrganismes.objects.select_for_update(of=("self",)).filter(pk=identifiant, depose_par=auteur.id).first()
    )
    if ligne is None:
        raise Introuvable("Cet import n'existe pas, ou quelqu'un d'autre l'a déposé.")
    return ligne


def _empreinte(lignes: list[dict[str, object]]) -> str:
    return sha256(json.dumps(lignes, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
