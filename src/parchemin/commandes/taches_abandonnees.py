"""Les tâches qu'un worker tué tenait : elles restent « en cours » pour toujours si personne ne les reprend.

Un worker dit toutes les dix secondes qu'il vit. Silencieux depuis `SILENCE`, il est tenu pour mort, et ses tâches repartent
dans la file : chacune sait être rejouée (elle relit l'état des lignes avant d'écrire). Une tâche reprise `REPRISES_MAX` fois
tue sans doute elle-même son worker : elle est close en échec, au lieu de tuer le suivant.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from procrastinate import App

SILENCE = 30.0
"""Secondes sans nouvelle d'un worker avant de reprendre ce qu'il tenait : trois battements manqués."""
REPRISES_MAX = 3

journal_technique = logging.getLogger(__name__)


async def reprendre(app: App, silence: float = SILENCE) -> int:
    """Remet dans la file ce que tiennent des workers silencieux ; rend le nombre de tâches reprises."""
    from procrastinate.jobs import Status

    reprises = 0
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=silence):
        if job.id is None:
            continue
        if job.attempts >= REPRISES_MAX:
            journal_technique.error("tâche %s close : elle a arrêté %d workers", job.task_name, job.attempts + 1)
            await app.job_manager.finish_job_by_id_async(job.id, Status.FAILED, delete_job=False)
            continue
        journal_technique.warning("tâche %s reprise : le worker qui la tenait a disparu", job.task_name)
        await app.job_manager.retry_job_by_id_async(job.id, retry_at=datetime.now(UTC))
        reprises += 1
    return reprises


async def veiller(app: App, silence: float = SILENCE) -> None:
    """Reprend ce qui est abandonné, toutes les `silence` secondes, jusqu'à être annulée.

    Une base qui ne répond pas n'arrête pas la veille : le worker, lui, dit ce qui ne va pas.
    """
    from procrastinate.exceptions import ConnectorException

    while True:
        await asyncio.sleep(silence)
        try:
            await reprendre(app, silence)
        except ConnectorException as erreur:
            journal_technique.warning("reprise des tâches abandonnées remise : %s", type(erreur).__name__)
