"""Le théâtre de la matrice : dressé une fois, dans une transaction qui s'annule à la fin."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine


@pytest.fixture(scope="package")
def theatre(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """Les trois caisses et les personnages ; chaque cas s'y joue dans une transaction annulée.

    Tout s'y fait avec le rôle de base de données d'une vraie installation, qui ne possède aucune table : s'il manquait d'un
    droit, un acte permis échouerait ici.
    """
    from django.db import transaction

    from tests.droits import monde

    with (
        django_db_blocker.unblock(),
        time_machine.travel(monde.INSTANT, tick=False),
        transaction.atomic(),
    ):
        _servir_sans_rien_posseder(f"theatre_{os.getpid()}")
        yield monde.dresser()
        transaction.set_rollback(True)


def _servir_sans_rien_posseder(role: str) -> None:
    """Crée ce rôle et le prend, jusqu'à la fin de la transaction, qui l'efface."""
    from django.db import connection
    from psycopg import sql

    from parchemin.socle import droits_base

    with connection.cursor() as curseur:
        curseur.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
        droits_base.donner(role)
        curseur.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
