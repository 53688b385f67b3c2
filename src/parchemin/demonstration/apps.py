"""Application Django de la démonstration."""

from django.apps import AppConfig


class DemonstrationConfig(AppConfig):
    """La cohorte de démonstration : aucune table, aucune page."""

    name = "parchemin.demonstration"
    label = "demonstration"
    verbose_name = "Démonstration"
