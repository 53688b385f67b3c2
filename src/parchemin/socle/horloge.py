"""Le temps entre par ici, et descend en argument (`maintenant`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, tzinfo
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
_RECIT: ContextVar[datetime | None] = ContextVar("horloge_recit", default=None)


def maintenant() -> datetime:
    """L'instant présent, en UTC. À n'appeler qu'au bord : vue, tâche, commande."""
    return _RECIT.get() or datetime.now(UTC)


@contextmanager
def au_temps_du_recit(instant: datetime) -> Iterator[None]:
    """Dans ce bloc, l'instant présent est celui-là. Pour la démonstration seule, qui rejoue une histoire passée."""
    jeton = _RECIT.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _RECIT.reset(jeton)


def jour_civil(instant: datetime, zone: tzinfo = PARIS) -> date:
    """Le jour civil d'un instant ; à Paris, sauf avis contraire : c'est celui des délais et des documents."""
    return instant.astimezone(zone).date()


def fin_du_jour(jour: date, zone: tzinfo = PARIS) -> datetime:
    """Le dernier instant de ce jour civil, en UTC : un délai que l'on dit « jusqu'au 11 mars » vaut le 11 mars au soir.

    >>> fin_du_jour(date(2026, 3, 11)).isoformat(timespec="seconds")
    '2026-03-11T22:59:59+00:00'
    """
    return datetime.combine(jour, time.max, tzinfo=zone).astimezone(UTC)
