"""Lire une ligne de JSON sans tolérance : ce que deux programmes pourraient comprendre autrement est refusé.

Refusé : ce qui n'est pas de l'UTF-8, NaN et Infinity (que Python accepterait), une clé écrite deux fois (que Python
écraserait en silence). Les nombres sont gardés tels qu'ils sont écrits : seul `id` peut en être un, et il est rendu
comme il est venu, si grand ou si précis soit-il.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import NoReturn


class LigneRefusee(Exception):
    """Une ligne sans réponse possible ; `identifiant` est l'`id` à rendre, déjà en JSON."""

    def __init__(self, code: str, message: str, identifiant: str = "null") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.identifiant = identifiant


@dataclass(frozen=True, slots=True)
class Nombre:
    """Un nombre, tel qu'il est écrit."""

    texte: str


class _CleEnDouble(Exception):
    def __init__(self, cle: str) -> None:
        super().__init__(cle)
        self.cle = cle


def lire(ligne: bytes) -> object:
    """La valeur JSON d'une ligne ; les nombres y sont des `Nombre`.

    Lève `LigneRefusee` : `json_illisible`, puis `cle_en_double` (avec l'`id` de la ligne, s'il est sans équivoque).
    """
    try:
        return _DECODEUR.decode(ligne.decode())
    except _CleEnDouble as double:
        message = f"La clé « {citer(double.cle)} » est écrite deux fois."
        raise LigneRefusee("cle_en_double", message, _identifiant_malgre_tout(ligne)) from None
    except UnicodeDecodeError:
        raise LigneRefusee("json_illisible", "La ligne n'est pas en UTF-8.") from None
    except (ValueError, RecursionError) as echec:
        raise _illisible(echec) from None


def lire_vite(ligne: bytes) -> tuple[object, int]:
    """La même valeur sans chercher les clés en double, et le nombre de textes que la ligne contient.

    Le nombre sert à les trouver après coup : sans barre oblique inverse, chaque guillemet ouvre ou ferme un texte ; une
    clé écrasée par son double manque donc au compte. Rend -1 quand la ligne a une barre oblique inverse.
    Lève `ValueError` ou `RecursionError` : la lecture lente dira laquelle des fautes c'est.
    """
    texte = ligne.decode()
    return _DECODEUR_RAPIDE.decode(texte), -1 if "\\" in texte else texte.count('"') // 2


def identifiant_en_json(identifiant: object) -> str | None:
    """L'`id` tel qu'il sera rendu ; `None` s'il n'est ni un texte, ni un nombre, ni `null`."""
    if isinstance(identifiant, str):
        return json.dumps(identifiant)
    if isinstance(identifiant, Nombre):
        return identifiant.texte
    return "null" if identifiant is None else None


def citer(texte: str) -> str:
    """Un texte venu de la ligne, prêt à entrer dans un message : court, sans caractère invisible."""
    visible = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in texte[:200])
    return visible if len(texte) <= 200 else f"{visible}…"


def _illisible(echec: Exception) -> LigneRefusee:
    match echec:
        case json.JSONDecodeError(pos=position):
            return LigneRefusee("json_illisible", f"La ligne n'est pas du JSON (caractère {position + 1}).")
        case RecursionError():
            return LigneRefusee("json_illisible", "La ligne est trop imbriquée.")
        case _:
            return LigneRefusee("json_illisible", str(echec))


def _identifiant_malgre_tout(ligne: bytes) -> str:
    """L'`id` d'une ligne qui a une clé en double ; `null` s'il est lui-même en double. Lève `json_illisible`.

    L'erreur de clé est levée avant que la suite de la ligne soit lue : si cette suite n'est pas du JSON, c'est cela
    qu'il faut dire.
    """
    try:
        paires = _DECODEUR_DE_PAIRES.decode(ligne.decode())
    except (ValueError, RecursionError) as echec:
        raise _illisible(echec) from None
    identifiants = [valeur for cle, valeur in paires if cle == "id"] if isinstance(paires, _Paires) else []
    return (identifiant_en_json(identifiants[0]) if len(identifiants) == 1 else None) or "null"


def _objet(paires: list[tuple[str, object]]) -> dict[str, object]:
    objet = dict(paires)
    if len(objet) != len(paires):
        cles = [cle for cle, _ in paires]
        raise _CleEnDouble(next(cle for rang, cle in enumerate(cles) if cle in cles[:rang]))
    return objet


def _constante(texte: str) -> NoReturn:
    raise ValueError(f"{texte} n'est pas du JSON.")


class _Paires(list[tuple[str, object]]):
    """Un objet JSON, clés en double comprises."""


_DECODEUR = json.JSONDecoder(object_pairs_hook=_objet, parse_int=Nombre, parse_float=Nombre, parse_constant=_constante)
_DECODEUR_DE_PAIRES = json.JSONDecoder(
    object_pairs_hook=_Paires, parse_int=Nombre, parse_float=Nombre, parse_constant=_constante
)
_DECODEUR_RAPIDE = json.JSONDecoder(parse_int=Nombre, parse_float=Nombre, parse_constant=_constante)
