"""Les journaux techniques : du JSON, en UTC, sans rien de personnel, quoi qu'il arrive.

Une ligne dit où et quoi, jamais qui ni avec quelles valeurs. Trois règles le tiennent :

* nos lignes (`structlog`) ne portent que des clés de `CLES` ; toute autre est retirée, et son nom est dit ;
* d'une ligne d'une bibliothèque on ne garde que son gabarit (« Not Found: %s »), jamais les valeurs qui le remplissent ; un
  texte sans valeurs peut avoir été composé avec elles (f-string) : on ne garde alors que l'endroit du code ;
* d'une exception on garde le genre, l'endroit, le code SQL et la contrainte ; jamais le message, qui cite les données
  (« Key (courriel)=(…) already exists »).
"""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator, MutableMapping
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO, override

import structlog

CLES = frozenset(
    {"chemin", "code", "compte", "duree_ms", "etat", "essai", "lot", "methode", "nombre", "raison", "route", "statut", "tache"}
)  # fmt: skip
"""Ce qu'une de nos lignes peut porter : des codes, des comptes, des durées, des identifiants opaques."""

requete: ContextVar[str] = ContextVar("requete", default="")
"""L'identifiant de la requête en cours : il relie une page d'erreur à ses lignes."""

_SIMPLE = re.compile(r"[\w.:/<>-]{1,200}", re.ASCII)
_CADRES = 12


class Sortie(logging.StreamHandler[TextIO]):
    """Écrit sur l'erreur standard du moment (celle que les processus et les essais redirigent)."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        """L'erreur standard, à cet instant."""
        return sys.stderr


class EnJson(logging.Formatter):
    """Une ligne de journal en JSON, selon les trois règles du module."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        ligne: dict[str, Any] = {
            "instant": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "niveau": record.levelname.lower(),
            "journal": record.name,
        }
        if identifiant := requete.get():
            ligne["requete"] = identifiant
        notre = getattr(record, "parchemin", None)
        ligne |= permis(notre) if isinstance(notre, dict) else _d_ailleurs(record)
        if record.exc_info and record.exc_info[1] is not None:
            ligne["exceptions"] = list(_exceptions(record.exc_info[1]))
        return json.dumps(ligne, ensure_ascii=False)


def permis(evenement: MutableMapping[str, Any]) -> dict[str, Any]:
    """Ce qu'une de nos lignes a le droit de dire ; le reste est retiré, et nommé."""
    dit: dict[str, Any] = {}
    retirees = []
    for cle, valeur in evenement.items():
        if cle == "evenement" or (cle in CLES and (valeur is None or isinstance(valeur, bool | int))):
            dit[cle] = valeur
        elif cle in CLES and _SIMPLE.fullmatch(str(valeur)):
            dit[cle] = str(valeur)
        else:
            retirees.append(cle if _SIMPLE.fullmatch(cle) else "?")
    if retirees:
        dit["cles_retirees"] = retirees
    return dit


def _d_ailleurs(record: logging.LogRecord) -> dict[str, Any]:
    dit: dict[str, Any] = {"lieu": f"{record.module}:{record.lineno} {record.funcName}"}
    if record.args and isinstance(record.msg, str):
        dit["gabarit"] = record.msg
    if statut := getattr(record, "status_code", None):
        dit["statut"] = int(statut)
    correspondance = getattr(getattr(record, "request", None), "resolver_match", None)
    if correspondance is not None:
        dit["route"] = correspondance.route
    return dit


def _exceptions(erreur: BaseException) -> Iterator[dict[str, Any]]:
    """L'exception et ses causes, sans un mot de leurs messages."""
    vues: set[int] = set()
    suivante: BaseException | None = erreur
    while suivante is not None and id(suivante) not in vues:
        vues.add(id(suivante))
        genre = type(suivante)
        dit: dict[str, Any] = {"genre": f"{genre.__module__}.{genre.__qualname__}"}
        diagnostic = getattr(suivante, "diag", None)
        for nom, attribut in (("sql", "sqlstate"), ("table", "table_name"), ("contrainte", "constraint_name")):
            if valeur := getattr(diagnostic, attribut, None):
                dit[nom] = valeur
        cadres = traceback.extract_tb(suivante.__traceback__)[-_CADRES:]
        dit["cadres"] = [f"{cadre.filename}:{cadre.lineno} {cadre.name}" for cadre in cadres]
        yield dit
        suivante = suivante.__cause__ or suivante.__context__


def _vers_logging(_: Any, __: str, evenement: MutableMapping[str, Any]) -> dict[str, Any]:
    """Le dernier maillon de structlog : passer l'événement à `logging`, sans le composer."""
    exc_info = evenement.pop("exc_info", None)
    notre = {"evenement": evenement.pop("event", ""), **evenement}
    return {"msg": notre["evenement"], "extra": {"parchemin": notre}, "exc_info": exc_info}


def regler(niveau: str) -> dict[str, Any]:
    """Règle structlog, et rend le `LOGGING` de Django."""
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, _vers_logging],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": EnJson}},
        "handlers": {"console": {"()": Sortie, "formatter": "json"}},
        "root": {"handlers": ["console"], "level": niveau},
        # Les réglages d'origine de Django y ajoutent une sortie à lui : la nôtre suffit.
        "loggers": {
            "django": {"handlers": [], "level": "NOTSET", "propagate": True},
            "django.server": {"handlers": [], "level": "NOTSET", "propagate": True},
            "procrastinate": {
                "level": "WARNING"
            },  # ses nouvelles de routine citent les arguments : nous n'en gardons rien
        },
    }


def tenir_le_processus() -> None:
    """Dans un processus de service : ce que Python écrirait lui-même (panne, avertissement) suit les mêmes règles."""
    technique = logging.getLogger("parchemin.processus")

    def panne(genre: type[BaseException], valeur: BaseException, trace: TracebackType | None) -> None:
        if issubclass(genre, KeyboardInterrupt | SystemExit):
            return
        technique.critical("panne", exc_info=(genre, valeur, trace), extra={"parchemin": {"evenement": "panne"}})

    def panne_de_fil(fait: threading.ExceptHookArgs) -> None:
        if fait.exc_value is not None:
            panne(fait.exc_type, fait.exc_value, fait.exc_traceback)

    sys.excepthook = panne
    threading.excepthook = panne_de_fil
    logging.captureWarnings(capture=True)
