"""`parchemin serveur` : sert l'application, par granian en WSGI."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TextIO

from parchemin.commandes import environnement, mots, ports
from parchemin.embarque import dossiers


def executer(arguments: Sequence[str], sortie: TextIO, erreur: TextIO) -> int:
    """Sert jusqu'à SIGTERM ou Ctrl-C."""
    lecteur = mots.Lecteur(
        "serveur",
        "Sert l'application. Placez devant un serveur mandataire qui parle HTTPS (voir deploiement/).",
    )
    lecteur.add_argument("--adresse", default="127.0.0.1", help="adresse d'écoute (127.0.0.1)")
    lecteur.add_argument("--port", type=mots.port, default=8000, help="port d'écoute (8000)")
    lecteur.add_argument("--processus", type=mots.nombre, default=2, help="nombre de processus (2)")
    lecteur.add_argument("--fils", type=mots.nombre, default=4, help="fils par processus (4)")
    options = mots.lire(lecteur, arguments)
    os.environ.setdefault("PARCHEMIN_ENV", "production")
    ports.verifier(options.adresse, options.port, commande="parchemin serveur")
    with environnement.base():
        environnement.suivre_le_parent()
        dossiers.preparer(dossiers.donnees() / "statiques")
        from django.conf import settings
        from granian import Granian
        from granian.constants import Interfaces
        from granian.log import LogLevels

        settings.SECRET_KEY  # noqa: B018 : un réglage qui manque se dit ici, une fois, plutôt que dans chaque processus
        Granian(
            "parchemin.config.wsgi:application",
            address=options.adresse,
            port=options.port,
            interface=Interfaces.WSGI,
            workers=options.processus,
            blocking_threads=options.fils,
            websockets=False,
            log_level=LogLevels.warning,
            respawn_failed_workers=True,
        ).serve()
    return 0
