"""Les choix de la capacité : les parties d'une version, les actions du journal. Les valeurs vivent dans la base."""

from __future__ import annotations

from django.db import models

from parchemin.registre import actions


class Partie(models.TextChoices):
    """Les parties d'une version qui se révisent après la publication."""

    REGLEMENT = "reglement", "Règlement"
    FICHE = "fiche", "Fiche"
    ANNEXES = "annexes", "Annexes"


@actions.declarees
class Action(models.TextChoices):
    """Ce que la capacité inscrit au journal : ces valeurs ne changent jamais."""

    VERSION_PUBLIEE = "referentiels.version_publiee", "Version de référentiel publiée"
    REGLEMENT_REVISE = "referentiels.reglement_revise", "Règlement révisé"
    FICHE_COMPLETEE = "referentiels.fiche_completee", "Fiche complétée"
    ANNEXES_REVISEES = "referentiels.annexes_revisees", "Annexes révisées"
