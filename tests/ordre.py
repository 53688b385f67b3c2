"""Les fichiers longs d'abord : les ouvriers qui se les partagent finissent ensemble si les plus courts restent pour la fin."""

from __future__ import annotations

from collections import Counter

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Range les fichiers : ceux qui ont un test `lent`, ceux qui ouvrent un navigateur, les autres ; puis les plus fournis."""
    nombres = Counter(item.path for item in items)
    rangs = dict.fromkeys(nombres, 2)
    for item in items:
        rangs[item.path] = min(rangs[item.path], _rang(item))
    items.sort(key=lambda item: (rangs[item.path], -nombres[item.path], item.path))


def _rang(item: pytest.Item) -> int:
    if item.get_closest_marker("lent"):
        return 0
    return 1 if item.get_closest_marker("navigateur") or "browser" in getattr(item, "fixturenames", ()) else 2
