"""Application Django du socle."""

from django.apps import AppConfig


class SocleConfig(AppConfig):
    """Le socle : ce que toutes les capacités partagent."""

    name = "parchemin.socle"
    label = "socle"
    verbose_name = "Socle"
