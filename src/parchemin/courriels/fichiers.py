"""Sans serveur d'envoi, chaque courriel est un fichier `.eml` que l'on peut ouvrir : démonstration, développement.

Un message renvoyé (même `Message-ID`) remplace son fichier. La démonstration les montre ; un service réglé sur SMTP n'en écrit pas.
"""

from __future__ import annotations

import email
import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage as MessageRecu
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from django.core.mail import EmailMessage, InvalidMailer
from django.core.mail.backends.base import BaseEmailBackend

_NOM = re.compile(r"[0-9]{8}T[0-9]{6}-[0-9a-f]{16}")


class EmailBackend(BaseEmailBackend):
    """Écrit un fichier par message dans `OPTIONS["dossier"]`, que lui seul peut lire (droits 0700, 0600)."""

    def __init__(self, *, dossier: str = "", **autres: Any) -> None:
        super().__init__(**autres)
        if not dossier:
            raise InvalidMailer("OPTIONS doit dire « dossier ».", alias=autres.get("alias"))
        self.dossier = Path(dossier)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Écrit les messages, chacun d'un coup : on ne lit jamais un fichier à moitié écrit."""
        self.dossier.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            contenu = message.message()
            brouillon = self.dossier / f".{os.getpid()}.brouillon"
            descripteur = os.open(brouillon, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descripteur, "wb") as sortie:
                sortie.write(contenu.as_bytes())
            brouillon.replace(self.dossier / f"{_nom(contenu)}.eml")
        return len(email_messages)


@dataclass(frozen=True, slots=True)
class CourrielEcrit:
    """Un fichier, relu : ses en-têtes dans l'ordre, ses deux corps."""

    nom: str
    date: datetime
    destinataire: str
    objet: str
    en_tetes: tuple[tuple[str, str], ...]
    texte: str
    html: str


def lister(dossier: Path) -> tuple[CourrielEcrit, ...]:
    """Les courriels écrits, le plus récent d'abord."""
    noms = sorted((fichier.stem for fichier in dossier.glob("*.eml") if _NOM.fullmatch(fichier.stem)), reverse=True)
    return tuple(courriel for nom in noms if (courriel := lire(dossier, nom)) is not None)


def lire(dossier: Path, nom: str) -> CourrielEcrit | None:
    """Un courriel écrit, par son nom ; `None` s'il n'existe pas, ou si le nom n'a pas la forme attendue."""
    if not _NOM.fullmatch(nom):
        return None
    try:
        octets = (dossier / f"{nom}.eml").read_bytes()
    except FileNotFoundError:
        return None
    message = email.message_from_bytes(octets, policy=policy.default)
    return CourrielEcrit(
        nom=nom,
        date=parsedate_to_datetime(str(message["Date"])),
        destinataire=str(message["To"]),
        objet=str(message["Subject"]),
        en_tetes=tuple((cle, str(valeur)) for cle, valeur in message.items()),
        texte=_corps(message, "plain"),
        html=_corps(message, "html"),
    )


def _corps(message: MessageRecu, genre: str) -> str:
    partie = message.get_body((genre,))
    return "" if partie is None else str(partie.get_content())


def _nom(message: Any) -> str:
    """La date du message, puis un abrégé de son identifiant : le même message a toujours le même nom."""
    date = parsedate_to_datetime(str(message["Date"]))
    return f"{date:%Y%m%dT%H%M%S}-{hashlib.sha256(str(message['Message-ID']).encode()).hexdigest()[:16]}"
