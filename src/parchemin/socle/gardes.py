"""Gardes : une lecture n'écrit pas."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

_LECTURES = re.compile(r"\s*(SELECT|SAVEPOINT|RELEASE|ROLLBACK|SHOW|DECLARE|FETCH|CLOSE)\b", re.IGNORECASE)
_SELECT_QUI_ECRIT = re.compile(r"\b(procrastinate_\w+|nextval|setval)\s*\(", re.IGNORECASE)
_SECONDE_INSTRUCTION = re.compile(r";\s*\S")


class EcritureEnLecture(AssertionError):
    """Une vue GET ou HEAD a tenté d'écrire : c'est une faute de programme, jamais une faute d'usage."""


@contextmanager
def lecture_seule() -> Iterator[None]:
    """Refuse, dans ce bloc, toute requête SQL qui n'est pas une lecture.

    Différer un job, avancer une séquence : des `SELECT` qui écrivent, refusés aussi.
    """

    def refuser(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        texte = sql if isinstance(sql, str) else sql.as_string(None)
        if not _LECTURES.match(texte) or _SELECT_QUI_ECRIT.search(texte) or _SECONDE_INSTRUCTION.search(texte):
            raise EcritureEnLecture(f"écriture dans une lecture : {texte.split(None, 3)[:3]}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuser):
        yield
