"""Une session ouverte d'un coup, comme si ses preuves venaient d'être données : qui mesure ou essaie autre chose n'a pas à se connecter."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

MOT_DE_PASSE = {"method": "password"}
SECOND_FACTEUR = {"method": "mfa", "type": "totp"}


def ouvrir(compte: Any, preuves: Sequence[Mapping[str, str]] = (MOT_DE_PASSE, SECOND_FACTEUR)) -> str:
    """Écrit la session de ce compte, avec ce qu'allauth y note à chaque preuve ; rend la valeur de son cookie."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(compte.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = compte.get_session_auth_hash()
    session["account_authentication_methods"] = [{**preuve, "at": time.time()} for preuve in preuves]
    session["account_authentication_methods_user"] = str(compte.pk)
    session["vu"] = int(time.time())
    session.save()
    return str(session.session_key)
