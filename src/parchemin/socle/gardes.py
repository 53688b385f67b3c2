"""Gardes : une lecture n'écrit pas."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

_LECTURES = re.compile(r"\s*(SELECT|SAVEPOINT|RELEASE|ROLLBACK|SHOW|EXPLAIN|DECLARE|FETCH|CLOSE)\b", re.IGNORECASE)


class EcritureEnLecture(AssertionError):
    """Une vue GET ou HEAD a tenté d'écrire : c'est une faute de programme, jamais une faute d'usage."""


@contextmanager
def lecture_seule() -> Iterator[None]:
    """Refuse, dans ce bloc, toute requête SQL qui n'est pas une lecture."""

    def refuser(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if not _LECTURES.match(sql):
            raise EcritureEnLecture(f"écriture dans une lecture : {sql.split(None, 3)[:3]}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuser):
        yield
