"""`parchemin worker` : exécute les tâches en attente et les tâches périodiques."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TextIO

from parchemin.commandes import environnement, mots


def executer(arguments: Sequence[str], sortie: TextIO, erreur: TextIO) -> int:
    """Travaille jusqu'à SIGTERM ou Ctrl-C ; les tâches commencées sont finies."""
    lecteur = mots.Lecteur(
        "worker", "Exécute les tâches en attente. On peut en lancer plusieurs, sur plusieurs machines."
    )
    lecteur.add_argument("--taches", type=mots.nombre, default=1, help="tâches menées de front (1)")
    lecteur.add_argument("--une-fois", action="store_true", help="exécute ce qui attend, puis sort")
    options = mots.lire(lecteur, arguments)
    os.environ.setdefault("PARCHEMIN_ENV", "production")
    with environnement.base():
        environnement.suivre_le_parent()
        environnement.preparer_django()
        from django.core.management import call_command

        mots_worker = ["worker", "--concurrency", str(options.taches), "--shutdown-graceful-timeout", "1"]
        call_command("procrastinate", *mots_worker, *(["--one-shot"] if options.une_fois else []))
    return 0
