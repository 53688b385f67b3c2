"""`client.force_login(…)` vaut une connexion complète : mot de passe et second facteur viennent d'être donnés.

La session s'écrit d'un coup, sans les douze requêtes d'une entrée que personne ne regarde. L'exigence elle-même s'essaie par de vraies connexions (`comptes/tests/test_connexion.py`) ; les autres tests n'ont pas à
la rejouer. Pour une session sans second facteur : `force_login_sans_second_facteur(client, compte)`.
"""

from __future__ import annotations

from typing import Any

import pytest

from mesures import sessions


@pytest.fixture(scope="session", autouse=True)
def _connexions() -> None:
    """Remplace `Client.force_login` une fois par processus de test."""
    from django.test import Client

    def force_login(self: Client, user: Any, backend: str | None = None) -> None:
        _entrer(self, user, sessions.MOT_DE_PASSE, sessions.SECOND_FACTEUR)

    Client.force_login = force_login  # type: ignore[method-assign]


def force_login_sans_second_facteur(client: Any, user: Any) -> None:
    """Une session ouverte par le seul mot de passe."""
    _entrer(client, user, sessions.MOT_DE_PASSE)


def _entrer(client: Any, user: Any, *preuves: dict[str, str]) -> None:
    from django.conf import settings
    from django.utils import timezone

    type(user).objects.filter(pk=user.pk).update(last_login=timezone.now())
    client.cookies[settings.SESSION_COOKIE_NAME] = sessions.ouvrir(user, preuves)


def vieillir_les_preuves(client: Any, minutes: int) -> None:
    """Fait comme si la personne avait donné ses preuves il y a tant de minutes."""
    session = client.session
    for preuve in session["account_authentication_methods"]:
        preuve["at"] -= minutes * 60
    session.save()
