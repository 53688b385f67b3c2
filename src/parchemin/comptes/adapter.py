"""Ce que Parchemin demande à django-allauth : pas d'inscription libre, des pages en français."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adaptateur(DefaultAccountAdapter):  # type: ignore[misc]  # allauth n'est pas typé
    """On entre par invitation (`comptes.services.accepter_invitation`), jamais par un formulaire public."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "Ce compte est désactivé. Écrivez à la personne qui gère votre dossier.",
        "email_password_mismatch": "Le courriel ou le mot de passe ne va pas. Vérifiez les deux et réessayez.",
        "too_many_login_attempts": "Trop d'essais. Attendez quelques minutes, puis réessayez.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Toujours faux : un compte s'ouvre par invitation."""
        return False

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """Il n'y a pas de nom d'utilisateur : le courriel suffit."""
