"""`parchemin worker` : exécute les tâches en attente et les tâches périodiques."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO, Unpack, cast

from parchemin.commandes import environnement, mots, taches_abandonnees
from parchemin.socle.journaux import tenir_le_processus

if TYPE_CHECKING:
    from procrastinate.app import WorkerOptions
    from procrastinate.contrib.django.django_connector import DjangoConnector


def executer(arguments: Sequence[str], sortie: TextIO, erreur: TextIO) -> int:
    """Travaille jusqu'à SIGTERM ou Ctrl-C ; les tâches commencées sont finies."""
    lecteur = mots.Lecteur(
        "worker", "Exécute les tâches en attente. On peut en lancer plusieurs, sur plusieurs machines."
    )
    lecteur.add_argument(
        "--taches",
        type=mots.nombre,
        default=2,
        help="tâches menées de front (2 : un long plan ne retient pas les courriels)",
    )
    lecteur.add_argument("--une-fois", action="store_true", help="exécute ce qui attend, puis sort")
    lecteur.add_argument(
        "--politesse", type=mots.nombre, default=30, help="à l'arrêt, secondes laissées aux tâches commencées (30)"
    )
    options = mots.lire(lecteur, arguments)
    os.environ.setdefault("PARCHEMIN_ENV", "production")
    with environnement.base():
        suivi = environnement.suivre_le_parent()
        environnement.preparer_django()
        tenir_le_processus()
        asyncio.run(
            _travailler(
                concurrency=options.taches,
                wait=not options.une_fois,
                shutdown_graceful_timeout=1 if suivi else options.politesse,
            )
        )
    return 0


async def _travailler(**reglages: Unpack[WorkerOptions]) -> None:
    """Comme `manage.py procrastinate worker`, sans ses salutations en anglais ; reprend aussi ce qu'un worker tué tenait."""
    from procrastinate.contrib.django import app

    connecteur = cast("DjangoConnector", app.connector).get_worker_connector()
    with app.replace_connector(connecteur):
        async with app.open_async():
            await taches_abandonnees.reprendre(app)
            veille = asyncio.create_task(taches_abandonnees.veiller(app))
            try:
                await app.run_worker_async(**reglages)
            finally:
                veille.cancel()
