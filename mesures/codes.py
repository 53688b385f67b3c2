"""Le code qu'affiche une application de codes (RFC 6238, SHA-1, trente secondes, six chiffres), à partir de son secret."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time

PAS = 30
"""Secondes."""


def code_du_moment(secret: str, instant: float | None = None) -> str:
    """Le code de cet instant (secondes depuis 1970 ; maintenant, sans précision)."""
    compteur = int(time.time() if instant is None else instant) // PAS
    condense = hmac.new(base64.b32decode(secret), struct.pack(">Q", compteur), hashlib.sha1).digest()
    depart = condense[-1] & 0x0F
    (nombre,) = struct.unpack(">I", condense[depart : depart + 4])
    return f"{(nombre & 0x7FFFFFFF) % 1_000_000:06d}"
