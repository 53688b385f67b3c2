"""Toutes les adresses de l'application, telles que Django les sert."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse


def toutes() -> dict[str, frozenset[str]]:
    """Chaque adresse nommée (avec son espace), et les noms de ses arguments. Une adresse sans nom fait échouer."""
    trouvees: dict[str, frozenset[str]] = {}
    for nom, motif in _parcourir(get_resolver(), ()):
        assert nom is not None, (
            f"L'adresse {motif.pattern!s} n'a pas de nom : donnez-lui-en un, puis dites qui y a droit."
        )
        assert nom not in trouvees, f"Deux adresses se nomment « {nom} »."
        trouvees[nom] = frozenset(motif.pattern.regex.groupindex)
    return trouvees


def _parcourir(resolveur: URLResolver, espaces: tuple[str, ...]) -> Iterator[tuple[str | None, URLPattern]]:
    for motif in resolveur.url_patterns:
        if isinstance(motif, URLResolver):
            yield from _parcourir(motif, (*espaces, motif.namespace) if motif.namespace else espaces)
        else:
            yield ":".join((*espaces, motif.name)) if motif.name else None, motif


def chemin(nom: str, arguments: Mapping[str, Any]) -> str:
    """Le chemin d'une adresse."""
    return reverse(nom, kwargs=dict(arguments))
