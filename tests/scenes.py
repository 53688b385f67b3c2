"""Les scènes : ce qu'une fabrique compose par les services, une fois par processus, puis rejoue ligne à ligne.

Un dossier légal, ses carnets attestés, une épreuve et ses deux évaluateurs : des dizaines d'actes, les mêmes d'un test à l'autre.
La première fois, ils ont lieu pour de vrai et les lignes qu'ils laissent sont relevées ; ensuite, sur une base aussi neuve et le même
jour, ces lignes reviennent telles quelles : mêmes identifiants, mêmes chaînes, mêmes sceaux. Sur une base déjà entamée, ou avec des
arguments qui n'ont pas d'écriture simple, la fabrique travaille comme sans ce module ; de même dans un test qui remplace du code ou
un réglage : ce que les services feraient alors n'est plus la scène de tous.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

import pytest

from tests import base_de_test


@dataclass(frozen=True, slots=True)
class _Scene:
    """Ce que la fabrique a rendu, et les lignes qu'elle a laissées."""

    rendu: Any
    lignes: Sequence[base_de_test.Lignes]


_SCENES: dict[str, _Scene] = {}
_etat = {"remplace": False}

REMPLACENT = {"monkeypatch", "settings"}
"""Les fixtures qui changent le code ou les réglages le temps d'un test."""


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Note si le test qui vient remplace quelque chose."""
    _etat["remplace"] = not REMPLACENT.isdisjoint(getattr(item, "fixturenames", ()))


def scene[**P, T](fabrique: Callable[P, T]) -> Callable[P, T]:
    """Décore une fabrique : composée une fois, rejouée ensuite. Ce qu'elle rend doit pouvoir se copier."""

    @functools.wraps(fabrique)
    def jouer(*args: P.args, **kwargs: P.kwargs) -> T:
        if _etat["remplace"] or not _simple((args, tuple(kwargs.items()))) or not base_de_test.est_neuve():
            return fabrique(*args, **kwargs)
        cle = repr((fabrique.__module__, fabrique.__qualname__, args, sorted(kwargs.items()), datetime.now(UTC).date()))
        gardee = _SCENES.get(cle)
        if gardee is None:
            rendu = fabrique(*args, **kwargs)
            _SCENES[cle] = _Scene(copy.deepcopy(rendu), base_de_test.relever())
            return rendu
        base_de_test.rejouer(gardee.lignes)
        return copy.deepcopy(gardee.rendu)

    return jouer


def _simple(valeur: object) -> bool:
    """Vrai si deux valeurs de même `repr` sont la même : de quoi nommer la scène."""
    if isinstance(valeur, tuple | list):
        return all(_simple(partie) for partie in valeur)
    return valeur is None or isinstance(valeur, str | int | date | Enum)
