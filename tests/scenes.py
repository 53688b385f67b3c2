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
from datetime import date
from enum import Enum
from typing import Any, cast

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from parchemin.socle.horloge import jour_civil, maintenant
from tests import base_de_test


@dataclass(frozen=True, slots=True)
class _Scene:
    """Ce que la fabrique a rendu, les lignes qu'elle a laissées, les courriels qu'elle a fait partir."""

    rendu: Any
    lignes: Sequence[base_de_test.Lignes]
    courriels: Sequence[EmailMessage]


_SCENES: dict[str, _Scene] = {}
_etat = {"remplace": False}

REMPLACENT = {"monkeypatch", "settings"}
"""Les fixtures qui changent le code ou les réglages le temps d'un test."""
GREFFONS = ("_pytest.", "pytest_")
"""Les fixtures des greffons s'en servent aussi, mais ne touchent à rien de nous."""


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Note si le test qui vient, ou une de nos fixtures dont il se sert, demande à remplacer quelque chose."""
    info = item._fixtureinfo  # type: ignore[attr-defined]  # pytest ne le dit nulle part ailleurs
    demandees = set(info.initialnames)
    for definitions in info.name2fixturedefs.values():
        for definition in definitions:
            if not definition.func.__module__.startswith(GREFFONS):
                demandees.update(definition.argnames)
    _etat["remplace"] = not REMPLACENT.isdisjoint(demandees)


def scene[**P, T](fabrique: Callable[P, T]) -> Callable[P, T]:
    """Décore une fabrique : composée une fois, rejouée ensuite. Ce qu'elle rend doit pouvoir se copier."""

    @functools.wraps(fabrique)
    def jouer(*args: P.args, **kwargs: P.kwargs) -> T:
        if _etat["remplace"] or not _simple((args, tuple(kwargs.items()))) or not base_de_test.est_neuve():
            return fabrique(*args, **kwargs)
        cle = repr((fabrique.__module__, fabrique.__qualname__, args, sorted(kwargs.items()), jour_civil(maintenant())))
        if cle not in _SCENES:
            partis = len(mail.outbox)
            rendu = fabrique(*args, **kwargs)
            _SCENES[cle] = copy.deepcopy(_Scene(rendu, base_de_test.relever(), mail.outbox[partis:]))
            return rendu
        gardee = _SCENES[cle]
        base_de_test.rejouer(gardee.lignes)
        mail.outbox += copy.deepcopy(gardee.courriels)
        return cast(T, copy.deepcopy(gardee.rendu))

    return jouer


def _simple(valeur: object) -> bool:
    """Vrai si deux valeurs de même `repr` sont la même : de quoi nommer la scène."""
    if isinstance(valeur, tuple | list):
        return all(_simple(partie) for partie in valeur)
    return valeur is None or isinstance(valeur, str | int | date | Enum)
