"""Réglages des tests du moteur : ils passent dans le dépôt comme dans un environnement qui n'a que le moteur."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# Sans hasard : le même jeu d'exemples à chaque fois, donc la même réponse à chaque fois.
settings.register_profile("suite", deadline=None, derandomize=True, database=None, max_examples=100)
settings.register_profile("prouver", deadline=None, derandomize=True, database=None, max_examples=500)
# Sous mutation, chaque test passe des centaines de fois : peu d'exemples, les autres tests font le reste.
settings.register_profile("mutation", deadline=None, derandomize=True, database=None, max_examples=20)
settings.load_profile(os.environ.get("PARCHEMIN_HYPOTHESIS", "suite"))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "prouver: énumération lourde, lancée par « ./parchemin prouver » seulement")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Écarte les énumérations lourdes, sauf si on les demande (`-m prouver`)."""
    if "prouver" in config.option.markexpr:
        return
    ecartes = [item for item in items if item.get_closest_marker("prouver")]
    if ecartes:
        config.hook.pytest_deselected(items=ecartes)
        items[:] = [item for item in items if item not in ecartes]
