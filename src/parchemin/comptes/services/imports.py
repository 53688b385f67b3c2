"""Ce que partagent les imports : garder un fichier lu, le régler une seule fois, y renoncer, vider ceux qui ont expiré."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol
from uuid import UUID

from parchemin.comptes.enums import Action
from parchemin.comptes.models import ImportLiens, ImportOrganismes
from parchemin.comptes.models.imports import ImportEnAttente
from parchemin.comptes.services.commun import CHAINE, propre
from parchemin.registre.services import acte
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.refus import Introuvable, Refus
from parchemin.socle.tableur import Ligne

VALIDITE_IMPORT = timedelta(days=7)
"""Le temps de faire relire un fichier avant de le confirmer."""

ABANDONS: dict[type[ImportEnAttente], Action] = {
    ImportOrganismes: Action.IMPORT_ABANDONNE,
    ImportLiens: Action.IMPORT_LIENS_ABANDONNE,
}


class _Plan(Protocol):
    @property
    def erreurs(self) -> tuple[str, ...]: ...


def garder[I: ImportEnAttente](
    modele: type[I], *, nom_fichier: str, lignes: Sequence[Ligne], action: Action, auteur: Acteur, maintenant: datetime
) -> I:
    """Garde les lignes d'un fichier sans faute, jusqu'à ce qu'on le confirme."""
    gardees = [{"numero": une.numero, "valeurs": dict(une.valeurs), "places": dict(une.places)} for une in lignes]
    with acte(auteur=auteur, maintenant=maintenant, action=action, chaine=CHAINE) as journal:
        ligne = modele.objects.create(
            nom_fichier=propre(nom_fichier)[:160],
            lignes=gardees,
            depose_par=auteur.id,
            depose_le=maintenant,
            expire=maintenant + VALIDITE_IMPORT,
        )
        journal.inscrire(
            objet=(modele.OBJET, ligne.pk), donnees={"lignes": len(gardees), "fichier": empreinte(gardees)}
        )
    return ligne


def verrouiller[I: ImportEnAttente](modele: type[I], identifiant: UUID, auteur: Acteur) -> I:
    """L'import, verrouillé, de qui l'a déposé. Lève `Introuvable`."""
    lignes = modele.objects.select_for_update(of=("self",))
    ligne = lignes.filter(pk=identifiant, depose_par=auteur.id).first()
    if ligne is None:
        raise Introuvable("Cet import n'existe pas, ou quelqu'un d'autre l'a déposé.")
    return ligne


def reste_a_faire(ligne: ImportEnAttente, maintenant: datetime) -> bool:
    """Faux si l'import est déjà confirmé : il n'y a rien à refaire. Lève `Refus("import_abandonne" | "import_expire")`."""
    if ligne.confirme_le is not None:
        return False
    if ligne.abandonne_le is not None:
        raise Refus("import_abandonne", "Cet import a été abandonné : déposez le fichier à nouveau.")
    if ligne.expire <= maintenant:
        raise Refus("import_expire", "Ce fichier attend depuis trop longtemps : déposez-le à nouveau.")
    return True


def regler(ligne: ImportEnAttente, maintenant: datetime) -> str:
    """Note l'import confirmé et vide ses lignes ; rend leur empreinte."""
    dite = empreinte(ligne.lignes)
    ligne.confirme_le, ligne.lignes = maintenant, []
    ligne.save(update_fields=["confirme_le", "lignes"])
    return dite


def renoncer(
    modele: type[ImportEnAttente], *, identifiant: UUID, deja_fait: str, auteur: Acteur, maintenant: datetime
) -> None:
    """Renonce à un import en attente ; ses lignes sont vidées. Deux fois ne change rien.

    Lève `Introuvable`, `Refus("import_confirme")` (dont `deja_fait` dit quoi faire).
    """
    with acte(auteur=auteur, maintenant=maintenant, action=ABANDONS[modele], chaine=CHAINE) as journal:
        ligne = verrouiller(modele, identifiant, auteur)
        if ligne.confirme_le is not None:
            raise Refus("import_confirme", deja_fait)
        if ligne.abandonne_le is not None:
            journal.rien_a_inscrire()
            return
        _vider(ligne, maintenant)
        journal.inscrire(objet=(modele.OBJET, ligne.pk), donnees={})


def purger_imports(*, maintenant: datetime) -> int:
    """Vide les fichiers, de toute sorte, qui ont expiré sans confirmation ; rend leur nombre."""
    return sum(_purger(modele, maintenant) for modele in ABANDONS)


def _purger(modele: type[ImportEnAttente], maintenant: datetime) -> int:
    expires = modele.objects.filter(confirme_le=None, abandonne_le=None, expire__lte=maintenant)
    cles = list(expires.order_by("pk").values_list("pk", "depose_par"))
    for cle, depose_par in cles:
        with acte(auteur=SYSTEME, maintenant=maintenant, action=ABANDONS[modele], chaine=CHAINE) as journal:
            ligne = verrouiller(modele, cle, Acteur(depose_par))
            if ligne.confirme_le is not None or ligne.abandonne_le is not None:
                journal.rien_a_inscrire()
                continue
            _vider(ligne, maintenant)
            journal.inscrire(objet=(modele.OBJET, ligne.pk), donnees={"expire": True})
    return len(cles)


def _vider(ligne: ImportEnAttente, maintenant: datetime) -> None:
    ligne.abandonne_le, ligne.lignes = maintenant, []
    ligne.save(update_fields=["abandonne_le", "lignes"])


def sans_erreur[P: _Plan](plan: P) -> P:
    """Le plan, s'il n'a aucune faute. Lève `Refus("import_faux")`, dont `details` les dit toutes."""
    if plan.erreurs:
        nombre = len(plan.erreurs)
        raise Refus(
            "import_faux",
            f"{nombre} erreur{'s' if nombre > 1 else ''} dans ce fichier : rien n'est importé.",
            details=plan.erreurs,
        )
    return plan


def empreinte(lignes: list[dict[str, object]]) -> str:
    """L'empreinte des lignes d'un fichier."""
    return sha256(json.dumps(lignes, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
