"""`parchemin prouver` : énumération, propriétés et mutations du moteur."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from typing import TextIO

from parchemin.commandes import environnement


def executer(arguments: Sequence[str], sortie: TextIO, erreur: TextIO) -> int:
    """Lance `outils/prouver.py`, à la racine du dépôt."""
    racine = environnement.depot()
    return subprocess.call([sys.executable, str(racine / "outils" / "prouver.py"), *arguments], cwd=racine)
