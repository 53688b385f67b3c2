"""Le calcul des chaînes : ce qui est haché, et comment une entrée tient à la précédente. Pur, sans base.

    corps     = SHA-256(JSON canonique de l'entrée : tout sauf son rang et ses deux empreintes)
    empreinte = SHA-256(« parchemin.registre.1:<empreinte précédente>:<rang>:<corps> »)

L'acte calcule le corps ; la base lit la tête, compte le rang et calcule l'empreinte, en une seule instruction.
La vérification refait tout ici.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from moteur.empreinte import empreinte

PREFIXE = "parchemin.registre.1"
GENESE = "0" * 64
"""L'empreinte « précédente » de la première entrée d'une chaîne."""


def instant_texte(instant: datetime) -> str:
    """L'instant en UTC, à la microseconde. Lève `ValueError` s'il n'a pas de fuseau."""
    if instant.tzinfo is None:
        raise ValueError("un instant du journal porte son fuseau horaire")
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def corps(
    *,
    chaine: str,
    instant: str,
    auteur: str,
    nature: str,
    action: str,
    objet_type: str,
    objet_id: str,
    donnees: Mapping[str, Any],
    engagements: Mapping[str, str],
    scelles: Sequence[Mapping[str, str]],
) -> str:
    """L'empreinte du contenu d'une entrée (64 hexadécimaux) ; `instant` est de la forme d'`instant_texte`."""
    return empreinte(
        {
            "chaine": chaine,
            "instant": instant,
            "auteur": auteur,
            "nature": nature,
            "action": action,
            "objet": [objet_type, objet_id],
            "donnees": donnees,
            "engagements": engagements,
            "scelles": scelles,
        }
    )


def maillon(precedent: str, rang: int, corps: str) -> str:
    """L'empreinte d'une entrée : ce qui la précède, son rang, son contenu."""
    return hashlib.sha256(f"{PREFIXE}:{precedent}:{rang}:{corps}".encode("ascii")).hexdigest()


def engagement(sel: bytes, nom: str, valeur: str) -> str:
    """L'engagement salé d'une valeur personnelle : il ne dit rien d'elle, et ne va qu'avec elle."""
    return empreinte(["parchemin.valeur.1", sel.hex(), nom, valeur])


def en_json(valeur: Any) -> Any:
    """La même donnée en JSON pur : UUID, dates et choix deviennent des textes, une date-heure passe en UTC.

    Lève `TypeError` pour ce qui n'a pas d'écriture unique (nombre à virgule, objet), `ValueError` pour un texte que
    la base ne garde pas (caractère nul, demi-codet) ou une date-heure sans fuseau.
    """
    match valeur:
        case None | bool():
            return valeur
        case Enum():
            return en_json(valeur.value)
        case int():
            return int(valeur)
        case str():
            return _texte(valeur)
        case UUID():
            return str(valeur)
        case datetime():
            return instant_texte(valeur)
        case date():
            return valeur.isoformat()
        case Mapping():
            if not all(isinstance(cle, str) for cle in valeur):
                raise TypeError("les clés d'une donnée du journal sont des textes")
            return {_texte(cle): en_json(contenu) for cle, contenu in valeur.items()}
        case list() | tuple():
            return [en_json(element) for element in valeur]
        case set() | frozenset():
            raise TypeError("un ensemble n'a pas d'ordre : donnez une liste triée")
        case _:
            raise TypeError(f"le journal ne sait pas inscrire un {type(valeur).__name__}")


def _texte(valeur: str) -> str:
    texte = str.__str__(valeur)
    if "\x00" in texte:
        raise ValueError("le journal ne garde pas le caractère nul")
    texte.encode("utf-8")  # un demi-codet isolé lève UnicodeEncodeError, qui est un ValueError
    return texte
