"""Application Django des parcours."""

from django.apps import AppConfig


class ParcoursConfig(AppConfig):
    """Les parcours : inscriptions, voies d'accès, blocs demandés, états d'un dossier."""

    name = "parchemin.parcours"
    label = "parcours"
    verbose_name = "Parcours"
