"""Des référentiels légaux, publiés par le service."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from parchemin.referentiels.fichier import FichierReferentiel, charger
from parchemin.referentiels.selectors import VersionPubliee
from parchemin.referentiels.services import publier_version
from parchemin.socle.acteur import SYSTEME
from tests.scenes import scene

PUBLICATION = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


def fichier(**changements: Any) -> FichierReferentiel:
    """Le référentiel livré, avec des champs remplacés ; ses objets sont à soi."""
    return replace(copy.deepcopy(charger("cqp-cos@2021")), **changements)


def autre_norme(lu: FichierReferentiel) -> dict[str, Any]:
    """La même norme, à un mot près : de quoi faire une autre version."""
    norme: dict[str, Any] = copy.deepcopy(dict(lu.norme))
    norme["blocs"][0]["activites"][0]["competences"][0]["criteres"][0]["intitule"] += " (2026)"
    return norme


@scene
def publier(lu: FichierReferentiel | None = None) -> VersionPubliee:
    """Publie le référentiel livré, ou celui-ci."""
    return publier_version(fichier=lu or fichier(), auteur=SYSTEME, maintenant=PUBLICATION).version
