"""Un worker tué ne garde pas ses tâches pour toujours : un autre les reprend, et pas sans fin."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import cast

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob

from parchemin.commandes import taches_abandonnees
from parchemin.courriels.services.depot import TACHE

pytestmark = pytest.mark.django_db(transaction=True)


def tenue(*, silence: int, essais: int = 0) -> int:
    """Une tâche en cours chez un worker dont on est sans nouvelle depuis `silence` secondes ; rend son numéro."""
    job = app.configure_task(TACHE).defer(envoi="00000000-0000-0000-0000-000000000000")
    with connection.cursor() as curseur:
        curseur.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s)) RETURNING id",
            [silence],
        )
        (worker,) = curseur.fetchone()
        curseur.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s, attempts = %s WHERE id = %s",
            [worker, essais, job],
        )
    return job


def jusqu_au_bout[T](travail: Coroutine[None, None, T]) -> T:
    """Dans un fil à lui : le navigateur des autres essais laisse une boucle ouverte dans celui-ci."""
    with ThreadPoolExecutor(1) as fil:
        return fil.submit(asyncio.run, travail).result(60)


def reprendre() -> int:
    async def une_fois() -> int:
        connecteur = cast("DjangoConnector", app.connector).get_worker_connector()
        with app.replace_connector(connecteur):
            async with app.open_async():
                return await taches_abandonnees.reprendre(app)

    return jusqu_au_bout(une_fois())


def etat(job: int) -> tuple[str, int]:
    return ProcrastinateJob.objects.values_list("status", "attempts").get(pk=job)


def test_ce_que_tenait_un_worker_silencieux_retourne_dans_la_file() -> None:
    abandonnee, vivante = tenue(silence=31), tenue(silence=5)
    assert reprendre() == 1
    assert (etat(abandonnee), etat(vivante)) == (("todo", 1), ("doing", 0))
    assert reprendre() == 0


def test_ce_que_tenait_un_worker_efface_aussi() -> None:
    """Un worker qui démarre efface les silencieux de la liste : leurs tâches n'ont alors plus de worker du tout."""
    job = tenue(silence=31)
    with connection.cursor() as curseur:
        curseur.execute("DELETE FROM procrastinate_workers")
    assert (reprendre(), etat(job)) == (1, ("todo", 1))


def test_une_tache_qui_tue_chaque_worker_finit_en_echec() -> None:
    job = tenue(silence=31, essais=taches_abandonnees.REPRISES_MAX)
    assert reprendre() == 0
    assert etat(job)[0] == "failed"


def test_un_worker_qui_demarre_execute_ce_qu_un_autre_a_laisse() -> None:
    """Le worker entier, comme `parchemin worker --une-fois` le lance."""
    from parchemin.commandes.worker import _travailler

    job = tenue(silence=31)
    jusqu_au_bout(_travailler(concurrency=1, wait=False, listen_notify=False))
    assert etat(job)[0] == "succeeded"
