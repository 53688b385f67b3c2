"""`parchemin gerer …` : les commandes de Django, avec la base qui convient."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from parchemin.commandes import environnement


def executer(arguments: Sequence[str], sortie: TextIO, erreur: TextIO) -> int:
    """Passe les mots à Django."""
    from django.core.management import execute_from_command_line

    with environnement.base():
        execute_from_command_line(["parchemin gerer", *arguments])
    return 0
