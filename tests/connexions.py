"""`client.force_login(…)` vaut une connexion complète : mot de passe et second facteur viennent d'être donnés.

L'exigence elle-même s'essaie par de vraies connexions (`comptes/tests/test_connexion.py`) ; les autres tests n'ont pas à
la rejouer. Pour une session sans second facteur : `force_login_sans_second_facteur(client, compte)`.
"""

from __future__ import annotations

import time
from typing import Any

import pytest


@pytest.fixture(scope="session", autouse=True)
def _connexions() -> None:
    """Complète `Client.force_login` une fois par processus de test."""
    from django.test import Client

    simple = Client.force_login

    def force_login(self: Client, user: Any, backend: str | None = None) -> None:
        simple(self, user, backend)
        _prouver(self, user, {"method": "password"}, {"method": "mfa", "type": "totp"})

    Client.force_login = force_login  # type: ignore[method-assign]


def force_login_sans_second_facteur(client: Any, user: Any) -> None:
    """Une session ouverte par le seul mot de passe."""
    client.force_login(user)
    _prouver(client, user, {"method": "password"})


def _prouver(client: Any, user: Any, *preuves: dict[str, str]) -> None:
    """Écrit dans la session ce qu'allauth y note à chaque preuve donnée."""
    session = client.session
    session["account_authentication_methods"] = [preuve | {"at": time.time()} for preuve in preuves]
    session["account_authentication_methods_user"] = str(user.pk)
    session["vu"] = int(time.time())
    session.save()


def vieillir_les_preuves(client: Any, minutes: int) -> None:
    """Fait comme si la personne avait donné ses preuves il y a tant de minutes."""
    session = client.session
    for preuve in session["account_authentication_methods"]:
        preuve["at"] -= minutes * 60
    session.save()
