"""Ce que les commandes qui touchent la base ont en commun : l'environnement, la base, Django, les migrations."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from parchemin.embarque import dossiers
from parchemin.embarque.erreurs import EmbarqueImpossible
from parchemin.embarque.postgres import base_embarquee


@contextmanager
def base() -> Iterator[None]:
    """Le temps d'un bloc, la base est là : celle de `DATABASE_URL`, sinon l'embarquée."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parchemin.config.settings")
    dossiers.preparer(dossiers.donnees())
    if os.environ.get("DATABASE_URL"):
        yield
    else:
        with base_embarquee(dossiers.donnees()):
            yield


def preparer_django() -> None:
    """Charge Django et vérifie que la base répond. Lève `EmbarqueImpossible("base_injoignable")`."""
    import django
    import psycopg
    from django.db import connection

    django.setup()
    reglages = connection.settings_dict
    noms = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password", "NAME": "dbname"}
    try:  # sans la réserve de connexions, qui insisterait en anglais
        acces = {parametre: reglages[nom] for nom, parametre in noms.items() if reglages.get(nom)}
        psycopg.connect(**acces, connect_timeout=10).close()
    except psycopg.OperationalError as erreur:
        raise EmbarqueImpossible(
            "base_injoignable",
            f"La base de données ne répond pas : {str(erreur).strip()}\nVérifiez DATABASE_URL et que le serveur tourne.",
        ) from erreur


def migrer(*applications: str) -> None:
    """Met la base à jour, sans bruit."""
    from django.core.management import call_command

    call_command("migrate", *applications, verbosity=0, interactive=False)


def depot() -> Path:
    """La racine du dépôt, pour les commandes qui n'ont de sens que là. Lève `EmbarqueImpossible("hors_depot")`."""
    racine = dossiers.depot()
    if racine is None:
        raise EmbarqueImpossible("hors_depot", "Cette commande ne marche que depuis un dépôt de Parchemin.")
    return racine


def suivre_le_parent() -> bool:
    """Si ce processus a été lancé par `demo`, s'arrêter avec lui, même s'il est tué.

    Vrai si c'est le cas. `demo` tient l'autre bout de notre entrée standard : quand elle se ferme, il n'est plus là.
    """
    if os.environ.pop("PARCHEMIN_SUIVRE_LE_PARENT", "") != "1":
        return False

    def attendre() -> None:
        while os.read(sys.stdin.fileno(), 1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=attendre, name="parent", daemon=True).start()
    return True


def publier_referentiel() -> str:
    """Publie le référentiel par défaut s'il ne l'est pas déjà, et rend son nom."""
    from django.conf import settings

    from parchemin.referentiels.fichier import charger
    from parchemin.referentiels.services import publier_version
    from parchemin.socle.acteur import SYSTEME
    from parchemin.socle.horloge import maintenant

    fichier = charger(settings.PARCHEMIN_REFERENTIEL)
    publier_version(fichier=fichier, auteur=SYSTEME, maintenant=maintenant())
    return fichier.nom()
