"""Le navigateur des tests : Chromium du système, et une console qui doit rester vide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from parchemin.commandes import chromium

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Le Chromium du système s'il y en a un, sinon celui de Playwright."""
    trouve = {"executable_path": chemin} if (chemin := chromium.trouver()) else {}
    return browser_type_launch_args | trouve | {"args": ["--no-sandbox", "--disable-dev-shm-usage"]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Une page en français, à l'heure de Paris."""
    return browser_context_args | {"locale": "fr-FR", "timezone_id": "Europe/Paris"}


@pytest.fixture
def page_muette(page: Page) -> Iterator[Page]:
    """Une page dont la console et les erreurs doivent rester vides jusqu'à la fin du test (c'est le test de la CSP)."""
    bruits: list[str] = []

    def noter(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            bruits.append(f"{message.type} : {message.text}")

    page.on("console", noter)
    page.on("pageerror", lambda erreur: bruits.append(f"erreur : {erreur}"))
    yield page
    assert bruits == []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marque `navigateur` tout test qui ouvre une page."""
    for test in items:
        if {"page", "browser", "context"} & set(getattr(test, "fixturenames", ())):
            test.add_marker(pytest.mark.navigateur)
