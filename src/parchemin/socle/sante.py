"""L'état de marche : la base répond, la file avance, le disque a de la place. Trois mots, rien d'autre."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from psycopg_pool import PoolTimeout

RETARD = timedelta(minutes=15)
"""Au-delà, une tâche prête qui attend dit qu'aucun worker ne travaille."""
PLACE = 500 * 1024 * 1024
"""Octets libres au-dessous desquels on prévient."""


class Etat(StrEnum):
    """L'état d'un organe."""

    OK = "ok"
    EN_RETARD = "en_retard"
    PLEIN = "plein"
    INJOIGNABLE = "injoignable"


def organes(instant: datetime) -> dict[str, Etat]:
    """L'état de la base, de la file et du disque, à cet instant. Ne lève rien."""
    base, file = _base_et_file(instant)
    return {"base": base, "file": file, "disque": _disque()}


def _base_et_file(instant: datetime) -> tuple[Etat, Etat]:
    try:
        with connection.cursor() as curseur:
            # L'heure où une tâche est devenue prête : celle prévue, sinon celle de son dépôt (premier événement).
            curseur.execute(
                "SELECT min(coalesce(j.scheduled_at, (SELECT min(e.at) FROM procrastinate_events e WHERE e.job_id = j.id)))"
                " FROM procrastinate_jobs j WHERE j.status = 'todo'"
            )
            plus_ancienne = curseur.fetchone()[0]
    except (DatabaseError, InterfaceError, PoolTimeout):
        return Etat.INJOIGNABLE, Etat.INJOIGNABLE
    retard = plus_ancienne is not None and instant - plus_ancienne > RETARD
    return Etat.OK, Etat.EN_RETARD if retard else Etat.OK


def _disque() -> Etat:
    try:
        libre = shutil.disk_usage(settings.DONNEES).free
    except OSError:
        return Etat.INJOIGNABLE
    return Etat.OK if libre >= PLACE else Etat.PLEIN
