"""La tournée du jour : composer le courriel de chacun, pas à pas, et reprendre après un arrêt là où l'on en était."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from parchemin.courriels.enums import Action
from parchemin.courriels.models import Tournee
from parchemin.courriels.services.depot import CHAINE
from parchemin.registre.services import acte
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.horloge import jour_civil

journal_technique = logging.getLogger(__name__)


def avancer_tournee(
    *,
    suivantes: Callable[[UUID | None], Sequence[tuple[UUID, str]]],
    composer: Callable[[UUID, str], bool],
    maintenant: datetime,
    auteur: Acteur = SYSTEME,
) -> bool:
    """Un pas de la tournée du jour civil de `maintenant` ; vrai s'il en reste un autre à faire.

    `suivantes(curseur)` rend les personnes d'après, par identifiant croissant, et leur adresse (aucune : c'est fini) ;
    `composer(personne, adresse)` dépose le courriel de l'une (vrai s'il part). Un pas est une transaction : tué, il n'a
    pas eu lieu. Deux workers à la fois se suivent, et le second repart d'où le premier s'est arrêté. La panne d'une
    personne ne prive pas les autres : elle se lit au journal technique, sans nom ni adresse.
    """
    jour = jour_civil(maintenant)
    with acte(auteur=auteur, maintenant=maintenant, action=Action.TOURNEE, chaine=CHAINE) as journal:
        Tournee.objects.bulk_create([Tournee(jour=jour)], ignore_conflicts=True)
        tournee = Tournee.objects.select_for_update(of=("self",)).get(jour=jour)
        if tournee.finie_le is not None:
            journal.rien_a_inscrire()
            return False
        gens = suivantes(tournee.curseur)
        parties = sum(_compose(composer, personne, adresse) for personne, adresse in gens)
        if gens:
            tournee.curseur = gens[-1][0]
        else:
            tournee.finie_le = maintenant
        tournee.save()
        journal.inscrire(
            objet=("tournee", jour.isoformat()), donnees={"vues": len(gens), "parties": parties, "finie": not gens}
        )
    return bool(gens)


def _compose(composer: Callable[[UUID, str], bool], personne: UUID, adresse: str) -> bool:
    try:
        with transaction.atomic():
            return composer(personne, adresse)
    except Exception as erreur:  # noqa: BLE001 (une page qui ne se compose pas ne prive pas les autres)
        journal_technique.error("courriel du jour de %s : %s", personne, type(erreur).__name__)
        return False
