"""Effacer, comme la loi le permet, des valeurs personnelles du journal, sans rompre une chaîne."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from parchemin.registre.enums import Action
from parchemin.registre.models import ValeurPersonnelle
from parchemin.registre.services.actes import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import Refus


def effacer_valeurs(
    *,
    auteur: Acteur,
    maintenant: datetime,
    objets: Sequence[tuple[str, UUID | str]],
    motif: str,
    noms: Collection[str] | None = None,
) -> int:
    """Vide les valeurs personnelles (et leur sel) inscrites à propos de ces objets ; rend leur nombre.

    `noms` restreint aux valeurs de ces noms. `motif` (jamais nominatif : « droit à l'effacement, article 17 du RGPD »)
    entre au journal, dans chaque chaîne touchée, avec la liste des valeurs vidées : un vidage sans cette trace est une
    anomalie. Le droit d'effacer se vérifie chez l'appelant, qui connaît les rôles.

    Lève `Refus("rien_a_effacer")` si aucune valeur ne subsiste, `ValueError` si le motif est vide.
    """
    if not motif.strip():
        raise ValueError("un effacement a un motif")
    vises = Q()
    for objet_type, objet_id in objets:
        vises |= Q(entree__objet_type=objet_type, entree__objet_id=str(objet_id))
    with transaction.atomic():
        valeurs = ValeurPersonnelle.objects.select_for_update(of=("self",)).filter(vises, valeur__isnull=False)
        if noms is not None:
            valeurs = valeurs.filter(nom__in=noms)
        visees = list(
            valeurs.order_by("entree__chaine", "entree__rang", "nom").values_list(
                "pk", "entree__chaine", "entree__rang", "nom"
            )
        )
        if not objets or not visees:
            raise Refus("rien_a_effacer", "Le journal ne garde aucune valeur personnelle à propos de ces objets.")
        for chaine, lignes in groupby(visees, key=lambda visee: visee[1]):
            with acte(auteur=auteur, maintenant=maintenant, action=Action.VALEURS_EFFACEES, chaine=chaine) as journal:
                du_lot = list(lignes)
                ValeurPersonnelle.objects.filter(pk__in=[pk for pk, *_ in du_lot]).update(sel=None, valeur=None)
                journal.inscrire(
                    objet=("registre.chaine", chaine),
                    donnees={"motif": motif, "valeurs": [[rang, nom] for _, _, rang, nom in du_lot]},
                )
        return len(visees)
