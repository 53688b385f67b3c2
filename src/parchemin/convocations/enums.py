"""Les valeurs enregistrées des convocations : jamais renommées à la légère."""

from __future__ import annotations

from django.db import models


class Qualite(models.TextChoices):
    """En quelle qualité une personne évalue (référentiel : « Evaluation faite par »)."""

    METIER = "metier", "représentant métier"
    CERTIFICATEUR = "certificateur", "organisme certificateur ou son délégué"
