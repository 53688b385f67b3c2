"""Gardes : une lecture n'écrit pas."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from django.db import connection

_LECTURES = re.compile(r"[\s(]*(SELECT|SAVEPOINT|RELEASE|ROLLBACK|SHOW|DECLARE|FETCH|CLOSE)\b", re.IGNORECASE)
_CHAINES = re.compile(r"'(?:[^']|'')*'")
_NOMS_CITES = re.compile(r'"(?:[^"]|"")*"')
_MOTS_QUI_ECRIVENT = re.compile(
    r"\b(INTO|INSERT|UPDATE|DELETE|MERGE|TRUNCATE)\b|\bFOR\s+(NO\s+KEY\s+UPDATE|UPDATE|SHARE|KEY\s+SHARE)\b|;\s*\S",
    re.IGNORECASE,
)
"""`SELECT … INTO` crée une table ; `FOR UPDATE` fait attendre ceux qui écrivent ; un `WITH` peut cacher une écriture."""
_FONCTIONS_QUI_ECRIVENT = re.compile(
    r"\b(procrastinate_\w+|nextval|setval|set_config|pg_(?:try_)?advisory_\w+|pg_notify|lo_\w+|dblink\w*"
    r"|pg_(?:cancel|terminate)_backend|(?:query|cursor)_to_xml\w*)\s*\(",
    re.IGNORECASE,
)
"""Un `SELECT` qui les appelle écrit, verrouille au-delà de lui, ou exécute un texte."""

_COMPTEURS = '"socle_cache"'
"""La table des compteurs d'essais : compter une visite (page d'entrée par clé d'accès) n'est pas agir."""

_ASSUMEE: ContextVar[bool] = ContextVar("ecriture_assumee", default=False)


class EcritureEnLecture(AssertionError):
    """Une vue GET ou HEAD a tenté d'écrire : c'est une faute de programme, jamais une faute d'usage."""


@contextmanager
def lecture_seule() -> Iterator[None]:
    """Refuse, dans ce bloc, toute requête SQL qui n'est pas une lecture.

    Différer un job, avancer une séquence, créer une table, prendre un verrou : des `SELECT` qui écrivent, refusés aussi. Cette
    garde trouve une faute de programme ; ce qui arrête un attaquant, ce sont les droits du rôle de la base (`droits_base`).
    """

    def refuser(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        texte = sql if isinstance(sql, str) else sql.as_string(None)
        if _ASSUMEE.get() or _COMPTEURS in texte:
            return execute(sql, params, many, context)
        if _ecrit(texte):
            raise EcritureEnLecture(f"écriture dans une lecture : {texte.split(None, 3)[:3]}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuser):
        yield


@lru_cache(maxsize=2048)
def _ecrit(texte: str) -> bool:
    """Vrai si cette instruction n'est pas une simple lecture. Ce que citent des apostrophes ou des guillemets ne compte pas."""
    sans_chaines = _CHAINES.sub("''", texte)
    return not (
        _LECTURES.match(texte)
        and _MOTS_QUI_ECRIVENT.search(_NOMS_CITES.sub('""', sans_chaines)) is None
        and _FONCTIONS_QUI_ECRIVENT.search(sans_chaines.replace('"', "")) is None
    )


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
