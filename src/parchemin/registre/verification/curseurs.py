"""Lire des millions de lignes sans les garder : curseurs côté serveur, par paquets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

PAQUET = 2_000


def lire(sql: str, parametres: Sequence[str] = ()) -> Iterator[tuple[Any, ...]]:
    """Les lignes d'une requête, par paquets de `PAQUET`."""
    with connection.chunked_cursor() as curseur:
        curseur.execute(sql, parametres)
        while paquet := curseur.fetchmany(PAQUET):
            yield from paquet
