"""Application Django des convocations."""

from django.apps import AppConfig


class ConvocationsConfig(AppConfig):
    """Les épreuves d'un dossier et leurs deux évaluateurs."""

    name = "parchemin.convocations"
    label = "convocations"
    verbose_name = "Convocations"
