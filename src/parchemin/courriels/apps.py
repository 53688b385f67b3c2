"""Application Django des courriels."""

from django.apps import AppConfig


class CourrielsConfig(AppConfig):
    """Les courriels : une boîte d'envoi en base, des reprises, des préférences."""

    name = "parchemin.courriels"
    label = "courriels"
    verbose_name = "Courriels"
