"""Application Django du carnet de suivi."""

from django.apps import AppConfig


class CarnetConfig(AppConfig):
    """Le carnet de suivi des compétences : remise, attestations du tuteur et du manager."""

    name = "parchemin.carnet"
    label = "carnet"
    verbose_name = "Carnet de suivi"
