"""Les scènes : ce qu'une fabrique compose par les services, une fois par processus, puis rejoue ligne à ligne.

Un dossier légal, ses carnets attestés, une épreuve, deux lectures scellées : des centaines d'actes, les mêmes d'un test à l'autre.
La première fois, ils ont lieu pour de vrai et les lignes qu'ils laissent sont relevées ; ensuite, ces lignes reviennent telles quelles :
mêmes identifiants, mêmes chaînes, mêmes sceaux. Une scène part d'une base neuve, ou de la scène qui précède si rien n'a été demandé à
la base depuis ; sa clé est tout ce qui la précède, ses arguments, le jour et les réglages changés. Ailleurs, la fabrique travaille
comme sans ce module ; de même dans un test qui remplace du code : ce que les services feraient alors n'est plus la scène de tous.

Une scène partagée se compose une fois pour tous les ouvriers d'une suite : le premier la compose pendant que les autres l'attendent,
puis la leur donne, lignes, courriels et fichiers compris. La suite d'une scène qui n'est pas partagée ne l'est jamais : ses lignes ne
sont qu'à l'ouvrier qui l'a composée.
"""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import fcntl
import functools
import hashlib
import os
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest
from django.conf import UserSettingsHolder, settings
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection

from parchemin.socle.horloge import jour_civil, maintenant
from tests import base_de_test


@dataclass(frozen=True, slots=True)
class _Scene:
    """Ce que la fabrique a rendu, les lignes qu'elle a laissées, les courriels qu'elle a fait partir."""

    rendu: Any
    lignes: Sequence[base_de_test.Lignes]
    courriels: Sequence[EmailMessage]
    fichiers: Mapping[str, bytes] = field(default_factory=dict)
    """Ceux d'une scène partagée, par leur place dans le dossier de données."""
    sequences: Mapping[str, int] = field(default_factory=dict)
    """Où elle a laissé les séquences de la base où elle fut composée."""


_SCENES: dict[str, _Scene] = {}
_etat: dict[str, Any] = {
    "remplace": False,
    "sur": None,
    "commun": None,
    "ouvrier": os.environ.get("PYTEST_XDIST_WORKER"),
}
"""Si ce test remplace du code ; la clé de la scène que la base contient exactement ; le dossier commun aux ouvriers ; lequel est-ce."""

GREFFONS = ("_pytest.", "pytest_")
"""Leurs fixtures se servent aussi de `monkeypatch`, mais ne touchent à rien de nous."""
FICHIERS = "STORAGES"
"""Le seul réglage qui ne change pas une scène : aucune n'écrit de fichier dans un test qui déplace les fichiers."""


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Donne à chaque ouvrier le dossier de qui les conduit : il s'efface avec lui."""
    node.workerinput["commun"] = str(base_de_test.dossier())


def pytest_configure(config: pytest.Config) -> None:
    """Un ouvrier retient le dossier commun."""
    if commun := getattr(config, "workerinput", {}).get("commun"):
        _etat["commun"] = Path(commun)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Note si le test qui vient, ou une de nos fixtures dont il se sert, demande à remplacer quelque chose."""
    info = item._fixtureinfo  # type: ignore[attr-defined]  # pytest ne le dit nulle part ailleurs
    demandees = set(info.initialnames)
    for definitions in info.name2fixturedefs.values():
        for definition in definitions:
            if not definition.func.__module__.startswith(GREFFONS):
                demandees.update(definition.argnames)
    _etat.update(remplace="monkeypatch" in demandees, sur=None)


def scene_partagee[**P, T](fabrique: Callable[P, T]) -> Callable[P, T]:
    """Comme `scene`, une fois pour toute la suite : pour une fabrique longue qui n'écrit que dans la base, les courriels et les fichiers."""
    return scene(fabrique, partagee=True)


def scene[**P, T](fabrique: Callable[P, T], *, partagee: bool = False) -> Callable[P, T]:
    """Décore une fabrique : composée une fois, rejouée ensuite. Ce qu'elle rend doit pouvoir se copier."""

    @functools.wraps(fabrique)
    def jouer(*args: P.args, **kwargs: P.kwargs) -> T:
        avant = _ce_que_contient_la_base()
        appel = _ecrire((args, kwargs), apres_une_scene=bool(avant))
        if avant is None or appel is None:
            return fabrique(*args, **kwargs)
        a_qui = "" if partagee else _etat["ouvrier"]
        cle = _cle(
            avant, a_qui, fabrique.__module__, fabrique.__qualname__, appel, jour_civil(maintenant()), _reglages()
        )
        with _en_commun(cle) if partagee else contextlib.nullcontext():
            if cle in _SCENES:
                gardee = _SCENES[cle]
                base_de_test.rejouer(gardee.lignes, sur=_SCENES[avant].lignes if avant else ())
                mail.outbox += copy.deepcopy(gardee.courriels)
                rendu = cast(T, copy.deepcopy(gardee.rendu))
            else:
                partis, deja = len(mail.outbox), _fichiers() if partagee else {}
                rendu = fabrique(*args, **kwargs)
                neufs = _fichiers().keys() - deja.keys() if partagee else ()
                fichiers = {nom: (Path(settings.DONNEES) / nom).read_bytes() for nom in neufs}
                rangs = base_de_test.sequences() if partagee else {}
                lignes = base_de_test.relever()
                _SCENES[cle] = copy.deepcopy(_Scene(rendu, lignes, mail.outbox[partis:], fichiers, rangs))
        _se_tenir_sur(cle)
        return rendu

    return jouer


@contextlib.contextmanager
def _en_commun(cle: str) -> Iterator[None]:
    """Reçoit la scène si un autre ouvrier l'a composée (ou attend qu'il finisse) ; sinon, donne celle que le bloc compose."""
    commun: Path | None = _etat["commun"]
    if commun is None or cle in _SCENES:
        yield
        return
    donnee = commun / f"{cle}.scene"
    with (commun / f"{cle}.verrou").open("w") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        if donnee.exists():
            recue: _Scene = pickle.loads(donnee.read_bytes())
            for nom, octets in recue.fichiers.items():
                lieu = Path(settings.DONNEES) / nom
                lieu.parent.mkdir(parents=True, exist_ok=True)
                lieu.write_bytes(octets)
            base_de_test.avancer(recue.sequences)
            _SCENES[cle] = recue
        yield
        if not donnee.exists():
            donnee.write_bytes(pickle.dumps(_SCENES[cle]))


def _fichiers() -> dict[str, Path]:
    """Les fichiers du dossier de données de ce processus, par leur place."""
    racine = Path(settings.DONNEES)
    return {str(lieu.relative_to(racine)): lieu for lieu in racine.rglob("*") if lieu.is_file()}


def _ce_que_contient_la_base() -> str | None:
    """La clé d'une scène ; vide si la base est neuve ; `None` si l'on ne sait pas, ou si rien ne doit se rejouer."""
    if _etat["remplace"]:
        return None
    if _etat["sur"] is not None and connection.in_atomic_block:
        return cast(str, _etat["sur"])
    return "" if base_de_test.est_neuve() else None


def _se_tenir_sur(cle: str) -> None:
    """La base contient cette scène, jusqu'à la première demande qui lui est faite."""
    _etat["sur"] = cle
    if _quitter not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, _quitter)  # devant : `connection.execute_wrapper` retire le dernier


def _quitter(execute: Callable[..., Any], sql: str, params: Any, many: bool, contexte: Any) -> Any:
    _etat["sur"] = None
    connection.execute_wrappers.remove(_quitter)
    return execute(sql, params, many, contexte)


def _cle(*parties: object) -> str:
    return hashlib.sha256(repr(parties).encode()).hexdigest()


def _reglages() -> list[tuple[str, str]]:
    """Les réglages que ce test a changés."""
    changes: dict[str, str] = {}
    porteur: Any = vars(settings)["_wrapped"]  # Django ne le dit nulle part ailleurs
    while isinstance(porteur, UserSettingsHolder):
        changes = {nom: repr(valeur) for nom, valeur in vars(porteur).items() if nom.isupper()} | changes
        porteur = porteur.default_settings
    return sorted((nom, valeur) for nom, valeur in changes.items() if nom != FICHIERS)


def _ecrire(valeur: object, *, apres_une_scene: bool) -> str | None:
    """L'écriture d'un argument, la même pour deux valeurs égales ; `None` s'il n'en a pas.

    Ce qui désigne une ligne (un identifiant, qui agit, ce qu'une fabrique a rendu) ne vaut qu'après une scène, dont les lignes sont les mêmes.
    """
    ecrire = functools.partial(_ecrire, apres_une_scene=apres_une_scene)
    parties: list[str | None]
    if isinstance(valeur, Mapping):
        parties = [texte for cle in sorted(valeur, key=repr) for texte in (ecrire(cle), ecrire(valeur[cle]))]
    elif isinstance(valeur, set | frozenset):
        parties = [ecrire(partie) for partie in sorted(valeur, key=repr)]
    elif isinstance(valeur, tuple | list):
        parties = [ecrire(partie) for partie in valeur]
    elif dataclasses.is_dataclass(valeur) and not isinstance(valeur, type):
        parties = (
            [ecrire(getattr(valeur, champ.name)) for champ in dataclasses.fields(valeur)] if apres_une_scene else [None]
        )
    elif (
        valeur is None or isinstance(valeur, str | int | date | Enum) or (apres_une_scene and isinstance(valeur, UUID))
    ):
        return repr(valeur)
    else:
        return None
    return None if None in parties else f"{type(valeur).__name__}({', '.join(map(str, parties))})"
