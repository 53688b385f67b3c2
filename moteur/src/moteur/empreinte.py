"""JSON canonique et empreinte SHA-256 : ce qui est scellé peut être recalculé par un tiers, dans tout langage.

Forme : RFC 8785 (JSON Canonicalization Scheme), restreinte à ce dont deux langages ne peuvent diverger : chaînes,
entiers de ±(2^53 − 1) au plus, booléens, `null`, listes et objets. Les clés sont triées par unités UTF-16, le texte
est en UTF-8, sans espace. Un nombre à virgule est refusé : une durée s'écrit en minutes ou en millisecondes entières.

Le texte n'est pas normalisé (la RFC l'interdit) : « é » composé et « é » décomposé ont deux empreintes. Qui saisit un
texte le met en forme NFC à l'entrée, une fois, avant de le sceller.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from moteur.vocabulaire import Refus

#: Au-delà, un lecteur JavaScript arrondirait l'entier.
ENTIER_MAXIMAL = 2**53 - 1

_TEXTE_JSON = json.JSONEncoder(ensure_ascii=False)
_UTF_16 = "utf-16-be"


def canonique(objet: object) -> bytes:
    """Le JSON canonique de `objet`, en UTF-8.

    Lève `Refus` : `type_non_canonique` (nombre à virgule, date, clé qui n'est pas une chaîne…), `entier_trop_grand`,
    `texte_invalide` (demi-caractère UTF-16 isolé), `trop_profond` (objet qui se contient ou s'imbrique sans fin).
    """
    try:
        return _texte(objet).encode()
    except UnicodeEncodeError as erreur:
        raise Refus(
            "texte_invalide", "Un texte contient un caractère incomplet ; il ne peut pas être scellé."
        ) from erreur
    except RecursionError as erreur:
        raise Refus("trop_profond", "L'objet est trop imbriqué pour être scellé.") from erreur


def empreinte(objet: object) -> str:
    """SHA-256 du JSON canonique de `objet`, en 64 chiffres hexadécimaux minuscules. Mêmes refus que `canonique`."""
    return hashlib.sha256(canonique(objet)).hexdigest()


def _texte(objet: object) -> str:
    if objet is None:
        return "null"
    if objet is True:
        return "true"
    if objet is False:
        return "false"
    if isinstance(objet, str):
        return _chaine(objet)
    if isinstance(objet, int):
        return _entier(objet)
    if isinstance(objet, list | tuple):
        return "[" + ",".join([_texte(element) for element in objet]) + "]"
    if isinstance(objet, Mapping):
        return "{" + ",".join([f"{_chaine(cle)}:{_texte(objet[cle])}" for cle in _cles_triees(objet)]) + "}"
    raise Refus("type_non_canonique", f"Une valeur de type « {type(objet).__name__} » ne peut pas être scellée.")


def _chaine(texte: str) -> str:
    # Les échappements de json (\\b \\t \\n \\f \\r \\" \\\\ et \\u00xx en minuscules) sont exactement ceux de la RFC 8785.
    return _TEXTE_JSON.encode(str(texte))


def _entier(valeur: int) -> str:
    if abs(valeur) > ENTIER_MAXIMAL:
        raise Refus("entier_trop_grand", f"L'entier {valeur} dépasse 2^53 − 1 ; il ne peut pas être scellé.")
    return str(int(valeur))


def _cles_triees(objet: Mapping[object, object]) -> list[str]:
    cles = []
    for cle in objet:
        if not isinstance(cle, str):
            raise Refus("type_non_canonique", f"La clé {cle!r} n'est pas une chaîne ; l'objet ne peut pas être scellé.")
        cles.append(cle)
    # Trier par unités UTF-16, comme JavaScript : au-delà de U+FFFF l'ordre des points de code serait un autre.
    return sorted(cles, key=lambda cle: cle.encode(_UTF_16))
