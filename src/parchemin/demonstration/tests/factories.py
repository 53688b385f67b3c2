"""La cohorte composée à un instant choisi, une fois pour tous les essais qui la lisent."""

from __future__ import annotations

from datetime import UTC, datetime

from parchemin.demonstration.services import Cohorte, construire
from parchemin.socle.models import Installation
from parchemin.socle.services import marquer_installation
from tests.scenes import scene_partagee

MINUIT_PASSE = datetime(2026, 11, 23, 23, 1, tzinfo=UTC)
"""Un mardi, à Paris."""


@scene_partagee
def cohorte_composee(instant: datetime) -> Cohorte:
    """Marque la base et compose la cohorte."""
    marquer_installation(nature=Installation.Nature.DEMONSTRATION, maintenant=instant)
    return construire(maintenant=instant)
