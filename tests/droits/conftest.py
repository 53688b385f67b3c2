"""Le théâtre de la matrice : dressé une fois, dans une transaction qui s'annule à la fin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine


@pytest.fixture(scope="package")
def theatre(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """Les trois caisses et les personnages ; chaque cas s'y joue dans une transaction annulée."""
    from django.db import transaction

    from tests.droits import monde

    with (
        django_db_blocker.unblock(),
        time_machine.travel(monde.INSTANT, tick=False),
        transaction.atomic(),
    ):
        yield monde.dresser()
        transaction.set_rollback(True)
