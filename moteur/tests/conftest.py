"""Réglages des tests du moteur : ils passent dans le dépôt comme dans un environnement qui n'a que le moteur."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

DOSSIER = Path(__file__).parent

# Sans hasard : le même jeu d'exemples à chaque fois, donc la même réponse à chaque fois.
settings.register_profile("suite", deadline=None, derandomize=True, database=None, max_examples=100)
settings.register_profile("prouver", deadline=None, derandomize=True, database=None, max_examples=500)
# Sous mutation, chaque test passe des centaines de fois : peu d'exemples, les autres tests font le reste.
settings.register_profile("mutation", deadline=None, derandomize=True, database=None, max_examples=20)
settings.load_profile(os.environ.get("PARCHEMIN_HYPOTHESIS", "suite"))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "prouver: énumération lourde, lancée par « ./parchemin prouver » seulement")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Écarte les énumérations lourdes, sauf si on les demande (`-m prouver`).

    Refuse un cas dont le nom n'est pas en ASCII : pytest échappe ce nom deux fois quand il repasse dans le même
    processus, l'outil de mutation ne retrouve plus le test, et croirait tués des mutants qu'aucun test n'a vus.
    """
    illisibles = [item.nodeid for item in items if "\\" in item.nodeid and item.path.is_relative_to(DOSSIER)]
    if illisibles:
        raise pytest.UsageError(f"Ces cas ont un nom qui n'est pas en ASCII : {', '.join(illisibles)}")
    if "prouver" in config.option.markexpr:
        return
    ecartes = [item for item in items if item.get_closest_marker("prouver")]
    if ecartes:
        config.hook.pytest_deselected(items=ecartes)
        items[:] = [item for item in items if item not in ecartes]
