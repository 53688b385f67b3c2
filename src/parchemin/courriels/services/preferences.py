"""Chacun règle ses propres courriels, et ceux de personne d'autre."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from parchemin.courriels import genres
from parchemin.courriels.enums import Action, Rythme
from parchemin.courriels.models import Preference
from parchemin.courriels.selectors import preferences
from parchemin.courriels.services.depot import CHAINE
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import Refus


def regler(*, rythmes: Mapping[str, Rythme], auteur: Acteur, maintenant: datetime) -> tuple[str, ...]:
    """Règle le rythme de plusieurs genres (par code) pour l'auteur ; rend ceux qui ont changé. Le redire ne change rien.

    Lève `Refus("genre_inconnu")`, `Refus("genre_obligatoire")` (un courriel nécessaire ne se coupe pas).
    """
    connus = {genre.code: genre for genre in genres.tous()}
    for code in rythmes:
        if code not in connus:
            raise Refus("genre_inconnu", "Ce genre de courriel n'existe pas.")
        if connus[code].obligatoire:
            raise Refus(
                "genre_obligatoire", f"« {connus[code].libelle} » est nécessaire : ce courriel ne se coupe pas."
            )
    with acte(auteur=auteur, maintenant=maintenant, action=Action.PREFERENCES, chaine=CHAINE) as journal:
        actuels = {vue.genre.code: vue.rythme for vue in preferences(auteur)}
        changes = {code: Rythme(rythme) for code, rythme in rythmes.items() if actuels[code] != rythme}
        if not changes:
            journal.rien_a_inscrire()
            return ()
        Preference.objects.bulk_create(
            (Preference(personne=auteur.id, genre=c, rythme=r, depuis=maintenant) for c, r in sorted(changes.items())),
            update_conflicts=True,
            unique_fields=["personne", "genre"],
            update_fields=["rythme", "depuis"],
        )
        journal.inscrire(objet=("personne", auteur.id), donnees=dict(sorted(changes.items())))
    return tuple(sorted(changes))
