"""Chiffrer une valeur pour la base, avec une clé qui n'y est pas, et qu'elle ne s'ouvre qu'à sa place.

AES-256-GCM : ce à quoi la valeur est liée (`lie_a`) et le nom de la clé sont des données associées ; un chiffré recopié sur
une autre ligne, ou rattaché à une autre clé, ne s'ouvre pas. Pur : les clés entrent, rien ne se lit ici.
"""

from __future__ import annotations

import binascii
import secrets
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

OCTETS_CLE = 32
_OCTETS_NONCE = 12


class ClesFausses(ValueError):
    """Ce texte ne donne pas des clés ; le message ne dit jamais ce qu'il contient."""


class ChiffreIllisible(Exception):
    """Ce chiffré ne s'ouvre pas : sa clé n'est plus là, il a changé, ou il n'est pas à sa place."""


@dataclass(frozen=True, slots=True)
class Trousseau:
    """Des clés nommées. `courante` chiffre ; les autres ouvrent encore ce qu'elles ont chiffré, le temps d'une rotation."""

    cles: Mapping[str, bytes]
    courante: str

    def chiffrer(self, clair: str, *, lie_a: str) -> tuple[str, bytes]:
        """Le nom de la clé et le chiffré (12 octets au hasard, puis le texte et son sceau)."""
        nonce = secrets.token_bytes(_OCTETS_NONCE)
        corps = AESGCM(self.cles[self.courante]).encrypt(nonce, clair.encode(), _lien(self.courante, lie_a))
        return self.courante, nonce + corps

    def ouvrir(self, cle: str, chiffre: bytes, *, lie_a: str) -> str:
        """Le clair. Lève `ChiffreIllisible`."""
        if cle not in self.cles:
            raise ChiffreIllisible(f"la clé « {cle} » n'est plus au trousseau")
        nonce, corps = chiffre[:_OCTETS_NONCE], chiffre[_OCTETS_NONCE:]
        try:
            return AESGCM(self.cles[cle]).decrypt(nonce, corps, _lien(cle, lie_a)).decode()
        except (InvalidTag, ValueError) as erreur:
            raise ChiffreIllisible("ce chiffré a changé, ou n'est pas à sa place") from erreur


def lire_trousseau(texte: str) -> Trousseau:
    """Une clé par ligne, « nom clé » : 32 octets en base64. La première chiffre. Lève `ClesFausses`."""
    cles: dict[str, bytes] = {}
    for numero, ligne in enumerate(texte.splitlines(), start=1):
        if not ligne.strip() or ligne.lstrip().startswith("#"):
            continue
        nom, _, encodee = ligne.strip().partition(" ")
        try:
            octets = b64decode(encodee.strip(), validate=True)
        except binascii.Error as erreur:
            raise ClesFausses(f"ligne {numero} : ce n'est pas du base64") from erreur
        if len(octets) != OCTETS_CLE:
            raise ClesFausses(f"ligne {numero} : une clé a {OCTETS_CLE} octets, celle-ci {len(octets)}")
        if nom in cles or len(nom) > 40:
            raise ClesFausses(f"ligne {numero} : un nom de clé sert une fois, et a 40 signes au plus")
        cles[nom] = octets
    if not cles:
        raise ClesFausses("aucune clé")
    return Trousseau(cles, next(iter(cles)))


def _lien(cle: str, lie_a: str) -> bytes:
    return f"parchemin:{cle}:{lie_a}".encode()
