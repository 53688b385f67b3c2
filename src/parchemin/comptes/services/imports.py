"""Ce que partagent les imports : garder un fichier lu, le régler une seule fois, y renoncer, vider ceux qui ont expiré."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol
from uuid import UUID

from django.db.models import TextChoices

from parchemin.comptes.models import ImportLiens, ImportOrganismes
from parchemin.registre.services import acte
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.bases import ImportEnAttente
from parchemin.socle.refus import Introuvable, Refus
from parchemin.socle.tableur import Ligne, nom_de_fichier

VALIDITE_IMPORT = timedelta(days=7)
"""Le temps de faire relire un fichier avant de le confirmer."""


class _Plan(Protocol):
    @property
    def erreurs(self) -> tuple[str, ...]: ...


def garder[I: ImportEnAttente](
    modele: type[I],
    *,
    nom_fichier: str,
    lignes: Sequence[Ligne],
    action: TextChoices,
    auteur: Acteur,
    maintenant: datetime,
) -> I:
    """Garde les lignes d'un fichier sans faute, jusqu'à ce qu'on le confirme."""
    gardees = en_clair(lignes)
    with acte(auteur=auteur, maintenant=maintenant, action=action, chaine=modele.CHAINE) as journal:
        ligne = modele.objects.create(
            nom_fichier=nom_de_fichier(nom_fichier),
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
    """Note l'import confirmé et le vide ; rend l'empreinte de ses lignes."""
    dite = empreinte(ligne.lignes)
    _finir(ligne, "confirme_le", maintenant)
    return dite


def renoncer(
    modele: type[ImportEnAttente], *, identifiant: UUID, deja_fait: str, auteur: Acteur, maintenant: datetime
) -> None:
    """Renonce à un import en attente ; ses lignes sont vidées. Deux fois ne change rien.

    Lève `Introuvable`, `Refus("import_confirme")` (dont `deja_fait` dit quoi faire).
    """
    with acte(auteur=auteur, maintenant=maintenant, action=modele.ABANDON, chaine=modele.CHAINE) as journal:
        ligne = verrouiller(modele, identifiant, auteur)
        if ligne.confirme_le is not None:
            raise Refus("import_confirme", deja_fait)
        if ligne.abandonne_le is not None:
            journal.rien_a_inscrire()
            return
        _finir(ligne, "abandonne_le", maintenant)
        journal.inscrire(objet=(modele.OBJET, ligne.pk), donnees={})


def purger_imports(*, maintenant: datetime) -> int:
    """Vide les fichiers d'organismes et de liens qui ont expiré sans confirmation ; rend leur nombre."""
    return sum(purger(modele, maintenant=maintenant) for modele in (ImportOrganismes, ImportLiens))


def purger(modele: type[ImportEnAttente], *, maintenant: datetime) -> int:
    """Vide les fichiers de cette sorte qui ont expiré sans confirmation ; rend leur nombre."""
    expires = modele.objects.filter(confirme_le=None, abandonne_le=None, expire__lte=maintenant)
    cles = list(expires.order_by("pk").values_list("pk", "depose_par"))
    for cle, depose_par in cles:
        with acte(auteur=SYSTEME, maintenant=maintenant, action=modele.ABANDON, chaine=modele.CHAINE) as journal:
            ligne = verrouiller(modele, cle, Acteur(depose_par))
            if ligne.confirme_le is not None or ligne.abandonne_le is not None:
                journal.rien_a_inscrire()
                continue
            _finir(ligne, "abandonne_le", maintenant)
            journal.inscrire(objet=(modele.OBJET, ligne.pk), donnees={"expire": True})
    return len(cles)


def _finir(ligne: ImportEnAttente, fin: str, maintenant: datetime) -> None:
    for champ, valeur in {fin: maintenant, **ligne.VIDE}.items():
        setattr(ligne, champ, valeur)
    ligne.save(update_fields=[fin, *ligne.VIDE])


def en_clair(lignes: Sequence[Ligne]) -> list[dict[str, object]]:
    """Les lignes d'un fichier, telles qu'elles se gardent."""
    return [{"numero": une.numero, "valeurs": dict(une.valeurs), "places": dict(une.places)} for une in lignes]


def sans_erreur[P: _Plan](plan: P, rien: str = "rien n'est importé") -> P:
    """Le plan, s'il n'a aucune faute. Lève `Refus("import_faux")`, dont `details` les dit toutes et le message, que `rien` n'est fait."""
    if plan.erreurs:
        nombre = len(plan.erreurs)
        raise Refus(
            "import_faux",
            f"{nombre} erreur{'s' if nombre > 1 else ''} dans ce fichier : {rien}.",
            details=plan.erreurs,
        )
    return plan


def empreinte(lignes: list[dict[str, object]]) -> str:
    """L'empreinte des lignes d'un fichier."""
    return sha256(json.dumps(lignes, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
