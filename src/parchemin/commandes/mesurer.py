"""`parchemin mesurer` : les mesures, en tableau et en JSON."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from typing import TextIO

from parchemin.commandes import environnement


def executer(arguments: Sequence[str], sortie: TextIO, erreur: TextIO) -> int:
    """Lance le paquet `mesures`, à la racine du dépôt."""
    return subprocess.call([sys.executable, "-m", "mesures", *arguments], cwd=environnement.depot())
