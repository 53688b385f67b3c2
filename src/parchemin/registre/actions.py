"""Les noms d'actions : on n'inscrit au journal que ce qui a été déclaré, avec son libellé français."""

from __future__ import annotations

import re

from django.db import models

_FORME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_LIBELLES: dict[str, str] = {}


class ActionInconnue(LookupError):
    """Une action que personne n'a déclarée : c'est une faute de programme."""


def declarees[T: models.TextChoices](choix: type[T]) -> type[T]:
    """Décorateur : déclare les actions d'une capacité (`domaine.verbe` et son libellé), dans son `enums.py`.

    Lève `ValueError` si un nom n'a pas la forme `domaine.verbe` ou s'il est déjà pris par un autre libellé.
    """
    for nom, libelle in choix.choices:
        if not _FORME.fullmatch(nom):
            raise ValueError(f"« {nom} » n'a pas la forme domaine.verbe")
        if _LIBELLES.setdefault(nom, str(libelle)) != str(libelle):
            raise ValueError(f"« {nom} » est déjà déclarée : {_LIBELLES[nom]}")
    return choix


def libelle(action: str) -> str:
    """Le libellé d'une action ; son nom, si le code qui l'a inscrite n'existe plus."""
    return _LIBELLES.get(action, action)


def connues() -> tuple[tuple[str, str], ...]:
    """Toutes les actions déclarées et leur libellé, par nom."""
    return tuple(sorted(_LIBELLES.items()))


def exiger(action: str) -> str:
    """Rend l'action, ou lève `ActionInconnue`."""
    if action not in _LIBELLES:
        raise ActionInconnue(f"action de journal non déclarée : {action} (voir registre/README.md)")
    return str(action)
