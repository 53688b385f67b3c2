"""Les équivalences de blocs que reconnaissent les versions publiées, chacune par son règlement en vigueur."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from moteur.regles.equivalence_de_bloc import Equivalence, Place
from parchemin.referentiels.models import EditionReglement
from parchemin.socle.acteur import Acteur


def equivalences(lecteur: Acteur | None, jour: date) -> tuple[Equivalence, ...]:
    """Toutes celles que disent les règlements en vigueur ce jour-là, éteintes comprises. Une requête.

    Un bloc reconnu l'est par le règlement de sa version : une table se lit de l'arrivée. Un règlement écrit avant que les
    équivalences n'aient leurs jours n'en dit aucune : elles y étaient toutes éteintes.
    """
    lignes = (
        EditionReglement.objects.filter(depuis__lte=jour)
        .order_by("version__code", "version__version", "-depuis", "-rang")
        .distinct("version__code", "version__version")
        .values_list("version__code", "version__version", "contenu")
    )
    return tuple(
        _equivalence(f"{code}@{version}", une)
        for code, version, contenu in lignes
        for une in json.loads(contenu)["reglages"]["equivalences"]["valeur"]
        if "vers" in une
    )


def _equivalence(nom: str, une: Mapping[str, Any]) -> Equivalence:
    return Equivalence(
        de=Place(une["de"]["referentiel"], une["de"]["bloc"]),
        vers=Place(nom, une["vers"]),
        du=_jour(une["du"]),
        au=_jour(une["au"]),
        active=une["active"],
    )


def _jour(dit: str | None) -> date | None:
    return None if dit is None else date.fromisoformat(dit)
