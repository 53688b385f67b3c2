"""Gardes : une lecture n'écrit pas."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection

_LECTURES = re.compile(r"[\s(]*(SELECT|SAVEPOINT|RELEASE|ROLLBACK|SHOW|DECLARE|FETCH|CLOSE)\b", re.IGNORECASE)
_SELECT_QUI_ECRIT = re.compile(r"\b(procrastinate_\w+|nextval|setval)\s*\(", re.IGNORECASE)
_SECONDE_INSTRUCTION = re.compile(r";\s*\S")

_COMPTEURS = '"socle_cache"'
"""La table des compteurs d'essais : compter une visite (page d'entrée par clé d'accès) n'est pas agir."""

_ASSUMEE: ContextVar[bool] = ContextVar("ecriture_assumee", default=False)


class EcritureEnLecture(AssertionError):
    """Une vue GET ou HEAD a tenté d'écrire : c'est une faute de programme, jamais une faute d'usage."""


@contextmanager
def lecture_seule() -> Iterator[None]:
    """Refuse, dans ce bloc, toute requête SQL qui n'est pas une lecture.

    Différer un job, avancer une séquence : des `SELECT` qui écrivent, refusés aussi.
    """

    def refuser(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        texte = sql if isinstance(sql, str) else sql.as_string(None)
        if _ASSUMEE.get() or _COMPTEURS in texte:
            return execute(sql, params, many, context)
        if not _LECTURES.match(texte) or _SELECT_QUI_ECRIT.search(texte) or _SECONDE_INSTRUCTION.search(texte):
            raise EcritureEnLecture(f"écriture dans une lecture : {texte.split(None, 3)[:3]}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuser):
        yield


@contextmanager
def ecriture_assumee() -> Iterator[None]:
    """Lève la garde, le temps d'un bloc, pour une lecture HTTP qui doit écrire malgré tout.

    Deux usages, pas d'autre : le retour d'un fournisseur d'identité (OIDC l'impose en GET, `state` le protège), et la marque
    « vus » des codes de secours. Les appels se lisent un à un (`tests/depot` les compte).
    """
    jeton = _ASSUMEE.set(True)
    try:
        yield
    finally:
        _ASSUMEE.reset(jeton)
