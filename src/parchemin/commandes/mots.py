"""Lire les mots d'une commande, avec une aide et des erreurs en français."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import NoReturn

_ERREURS = (
    (r"unrecognized arguments: (.*)", r"option inconnue : \1"),
    (r"argument (.*): expected one argument", r"\1 attend une valeur"),
    (r"argument (.*): invalid (?:port|nombre|int) value: '(.*)'", r"\1 : « \2 » ne convient pas"),
    (r"argument (.*): not allowed with argument (.*)", r"\1 ne va pas avec \2"),
    (r"argument (.*): invalid choice: '(.*?)' \(choose from (.*)\)", r"\1 : « \2 » n'est pas parmi \3"),
    (r"the following arguments are required: (.*)", r"il manque : \1"),
    (r"ambiguous option: (.*) could match (.*)", r"\1 est ambigu : \2"),
)


class Lecteur(argparse.ArgumentParser):
    """Un `ArgumentParser` qui parle français ; une faute sort avec le code 2."""

    def __init__(self, commande: str, resume: str, *, suite: str = "") -> None:
        super().__init__(
            prog=f"parchemin {commande}",
            description=resume,
            epilog=suite or None,
            add_help=False,
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        self._positionals.title = "mots"
        self._optionals.title = "options"
        self.add_argument("-h", "--help", "--aide", action="help", help="montre cette aide")

    def format_usage(self) -> str:
        """La ligne d'usage."""
        return super().format_usage().replace("usage: ", "usage : ", 1)

    def format_help(self) -> str:
        """L'aide entière."""
        return super().format_help().replace("usage: ", "usage : ", 1)

    def error(self, message: str) -> NoReturn:
        """Dit la faute, en français, et sort."""
        for motif, francais in _ERREURS:
            message = re.sub(f"^{motif}$", francais, message)
        self.exit(2, f"{self.format_usage()}{self.prog} : {message}\n")


def port(mot: str) -> int:
    """Un numéro de port ordinaire."""
    valeur = int(mot)
    if not 1 <= valeur <= 65535:
        raise ValueError(mot)
    return valeur


def nombre(mot: str) -> int:
    """Un entier d'au moins 1."""
    valeur = int(mot)
    if valeur < 1:
        raise ValueError(mot)
    return valeur


def lire(lecteur: Lecteur, mots: Sequence[str]) -> argparse.Namespace:
    """Lit les mots d'une commande."""
    return lecteur.parse_args(list(mots))
