"""Écrire les organismes."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError

from parchemin.comptes.enums import Action, Branche
from parchemin.comptes.models import Organisme
from parchemin.comptes.permissions import verifier_peut_creer_organisme
from parchemin.comptes.services.commun import CHAINE, cle_de_recherche, droits_de, propre
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.bases import contrainte_violee
from parchemin.socle.cles import cle_tri
from parchemin.socle.refus import Refus


def creer_organisme(
    *, nom: str, nom_court: str, branche: Branche, auteur: Acteur, maintenant: datetime, adresse: str = ""
) -> Organisme:
    """Ajoute un organisme. Lève `Refus("organisme_deja_la")` si ce nom existe, `RefusDroit` sans le droit."""
    verifier_peut_creer_organisme(droits_de(auteur, maintenant))
    nom, nom_court = propre(nom), propre(nom_court)
    try:
        with acte(auteur=auteur, maintenant=maintenant, action=Action.ORGANISME_CREE, chaine=CHAINE) as journal:
            organisme = Organisme.objects.create(
                nom=nom,
                nom_court=nom_court,
                branche=branche,
                adresse=adresse.strip(),
                cle_tri=cle_tri(nom),
                cle_recherche=cle_de_recherche(nom, nom_court),
            )
            journal.inscrire(
                objet=("organisme", organisme.pk), donnees={"nom": nom, "nom_court": nom_court, "branche": str(branche)}
            )
    except IntegrityError as erreur:
        if contrainte_violee(erreur) == "organisme_nom_unique":
            raise Refus("organisme_deja_la", f"Un organisme porte déjà le nom « {nom} ».") from erreur
        raise
    return organisme
