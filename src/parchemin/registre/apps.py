"""Application Django du registre."""

from django.apps import AppConfig


class RegistreConfig(AppConfig):
    """Le registre : le journal chaîné de toutes les écritures."""

    name = "parchemin.registre"
    label = "registre"
    verbose_name = "Registre"
