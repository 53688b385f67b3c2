"""L'histoire d'une ligne à états : un passage de plus à chaque changement, jamais une ligne changée.

Les états et leurs suites sont des tables du moteur (`moteur.etats`) ; la ligne redit le dernier, pour trier et filtrer.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from moteur.etats import Table, passer
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import au_nom_du_moteur


def passer_la_ligne(
    table: Table,
    ligne: Any,
    vers: str,
    *,
    auteur: Acteur,
    maintenant: datetime,
    motif: str = "",
    propres: Mapping[str, Any] = MappingProxyType({}),
    **champs: Any,
) -> None:
    """Passe une ligne verrouillée (`etat`, `passages`) à un autre état de la table, et l'ajoute à son histoire.

    `champs` : ce qui change avec l'état (`depuis`, `echeance`…) ; `propres` : ce que cette histoire-là garde de plus. Lève
    `Refus("passage_interdit")`.
    """
    with au_nom_du_moteur():
        passer(table, ligne.etat, vers)
    for champ, valeur in {"etat": vers, **champs}.items():
        setattr(ligne, champ, valeur)
    ligne.save(update_fields=["etat", *champs])
    inscrire_passage(ligne, auteur=auteur, maintenant=maintenant, motif=motif, **propres)


def inscrire_passage(ligne: Any, *, auteur: Acteur, maintenant: datetime, motif: str = "", **autres: Any) -> None:
    """Ajoute à l'histoire de la ligne (`passages`) l'état où elle est. `autres` : les champs propres à cette histoire."""
    ligne.passages.create(
        rang=ligne.passages.count() + 1, etat=ligne.etat, instant=maintenant, auteur=auteur.id, motif=motif, **autres
    )
