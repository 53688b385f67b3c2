"""Lancer le programme comme le ferait quelqu'un : un autre processus, un dossier de données à lui."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from parchemin.embarque import processus

PROGRAMME = [sys.executable, "-m", "parchemin"]


def variables(donnees: Path, **autres: str) -> dict[str, str]:
    """Un environnement neuf : rien de ce que la suite de tests a réglé pour elle-même."""
    retirees = {"DATABASE_URL", "SECRET_KEY", "ALLOWED_HOSTS", "PARCHEMIN_ENV", "DJANGO_SETTINGS_MODULE"}
    gardees = {nom: valeur for nom, valeur in os.environ.items() if nom not in retirees}
    return gardees | {"PARCHEMIN_DONNEES": str(donnees)} | autres


def parchemin(*mots: str, donnees: Path, **autres: str) -> subprocess.CompletedProcess[str]:
    """Lance une commande et attend sa fin."""
    # fmt: off
    return subprocess.run(
        [*PROGRAMME, *mots], env=variables(donnees, **autres), capture_output=True, text=True, timeout=120, check=False,
        stdin=subprocess.DEVNULL,
    )
    # fmt: on


def port_libre() -> int:
    """Un port libre à l'instant."""
    with socket.socket() as essai:
        essai.bind(("127.0.0.1", 0))
        return int(essai.getsockname()[1])


def serveurs_de(donnees: Path) -> list[int]:
    """Les processus d'une base embarquée qui travaillent dans ce dossier."""
    return processus.tous_dans(donnees / "postgres" / "18")


def attendre(condition: object, *, secondes: float = 30.0) -> bool:
    """Attend qu'une fonction rende vrai."""
    assert callable(condition)
    limite = time.monotonic() + secondes
    while time.monotonic() < limite:
        if condition():
            return True
        time.sleep(0.05)
    return False


def arreter(programme: subprocess.Popen[str], signal_: int = signal.SIGTERM) -> int:
    """Envoie un signal ; rend le code de sortie. Un programme qui ne s'arrête pas fait échouer l'essai."""
    programme.send_signal(signal_)
    return programme.wait(timeout=30)
