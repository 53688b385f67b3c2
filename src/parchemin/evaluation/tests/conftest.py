"""L'épreuve qu'un évaluateur a devant lui, dans son navigateur (un module qui en demande une autre la redéfinit) ; où vont les fichiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import BrowserContext
    from pytest_django.fixtures import SettingsWrapper
    from pytest_django.live_server_helper import LiveServer

    from parchemin.convocations.tests.factories import Salle


@pytest.fixture
def salle(live_server: LiveServer, context: BrowserContext) -> Salle:
    """Une épreuve du bloc 3, son évaluateur métier connecté (imports tardifs : ce fichier se lit avant Django)."""
    from parchemin.convocations.tests import factories as convocations
    from parchemin.evaluation.tests.test_navigateur import ouvrir_session

    salle = convocations.salle("B3")
    ouvrir_session(context, live_server, salle.metier)
    return salle


@pytest.fixture
def fichiers(settings: SettingsWrapper, tmp_path: Path) -> None:
    """Ce qui se joint va dans un dossier à soi, le temps d'un essai."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "fichiers"},
        },
    }
