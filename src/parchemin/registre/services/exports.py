"""Inscrire un export du journal : qui l'a tiré, sous quelle forme, avec quel filtre, combien d'entrées."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from parchemin.registre.enums import CHAINE_REGISTRE, Action, FormatExport
from parchemin.registre.services.actes import acte
from parchemin.socle.acteur import Acteur


def consigner_export(
    *, forme: FormatExport, filtre: Mapping[str, Any], entrees: int, auteur: Acteur, maintenant: datetime
) -> None:
    """Inscrit l'export, avant que le fichier ne parte. `filtre` : des codes, des identifiants, des dates, rien d'autre.

    Le droit d'exporter se vérifie chez l'appelant, qui connaît les rôles.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.JOURNAL_EXPORTE, chaine=CHAINE_REGISTRE) as journal:
        journal.inscrire(
            objet=("registre.export", forme), donnees={"forme": forme, "filtre": dict(filtre), "entrees": entrees}
        )
