"""Les valeurs enregistrées des convocations : jamais renommées à la légère."""

from __future__ import annotations

from django.db import models

from parchemin.comptes.enums import NatureRole
from parchemin.registre import actions


class Qualite(models.TextChoices):
    """En quelle qualité une personne évalue (référentiel : « Evaluation faite par »)."""

    METIER = "metier", "représentant métier"
    CERTIFICATEUR = "certificateur", "organisme certificateur ou son délégué"


ROLE_DE_QUALITE = {
    Qualite.METIER: NatureRole.EVALUATEUR_METIER,
    Qualite.CERTIFICATEUR: NatureRole.EVALUATEUR_CERTIFICATEUR,
}
"""Le rôle qu'il faut tenir, le jour de l'épreuve, pour évaluer en chaque qualité."""


@actions.declarees
class Action(models.TextChoices):
    """Ce que la capacité inscrit au journal : ces valeurs ne changent jamais."""

    EPREUVE_PLANIFIEE = "convocations.epreuve_planifiee", "Épreuve planifiée"
    EVALUATEURS_AFFECTES = "convocations.evaluateurs_affectes", "Évaluateurs affectés"
    EPREUVE_PASSEE = "convocations.epreuve_passee", "Épreuve passée à un autre état"
    EPREUVE_ANNULEE = "convocations.epreuve_annulee", "Épreuve annulée"
