"""Marquer la nature d'une base, une fois pour toutes."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from parchemin.socle.models import Installation
from parchemin.socle.refus import Refus


@transaction.atomic
def marquer_installation(*, nature: Installation.Nature, maintenant: datetime) -> Installation:
    """Pose la marque « démonstration » ou « production » sur une base vierge ; la redire ne change rien.

    Lève `Refus("installation_autre_nature")` si la base porte déjà l'autre marque.
    """
    ligne, _ = Installation.objects.get_or_create(unique=True, defaults={"nature": nature, "depuis": maintenant})
    if ligne.nature != nature:
        raise Refus(
            "installation_autre_nature",
            f"Cette base est marquée « {ligne.get_nature_display().lower()} » : elle ne peut pas servir à autre chose.",
        )
    return ligne


def est_demonstration() -> bool:
    """Vrai si la base porte la marque « démonstration »."""
    return Installation.objects.filter(nature=Installation.Nature.DEMONSTRATION).exists()
