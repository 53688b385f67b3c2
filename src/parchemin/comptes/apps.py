"""Application Django des comptes."""

from django.apps import AppConfig


class ComptesConfig(AppConfig):
    """Les comptes : personnes, organismes, rôles datés, invitations."""

    name = "parchemin.comptes"
    label = "comptes"
    verbose_name = "Comptes"
