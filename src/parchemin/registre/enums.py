"""Les actions que le registre inscrit pour son propre compte."""

from __future__ import annotations

from django.db import models

from parchemin.registre import actions


@actions.declarees
class Action(models.TextChoices):
    """Valeurs inscrites dans le journal : elles ne changent jamais."""

    TETES_RELEVEES = "registre.tetes_relevees", "Têtes des chaînes relevées et signées"
    VALEURS_EFFACEES = "registre.valeurs_effacees", "Valeurs personnelles effacées"


CHAINE_REGISTRE = "registre"
"""La chaîne où le registre inscrit ses propres relevés."""
