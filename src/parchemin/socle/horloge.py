"""Le temps entre par ici, et descend en argument (`maintenant`)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def maintenant() -> datetime:
    """L'instant présent, en UTC. À n'appeler qu'au bord : vue, tâche, commande."""
    return datetime.now(UTC)


def jour_civil(instant: datetime) -> date:
    """Le jour civil, à Paris, d'un instant : c'est celui des délais et des documents."""
    return instant.astimezone(PARIS).date()
