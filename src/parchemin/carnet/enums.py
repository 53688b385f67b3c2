"""Les choix de la capacité : verdicts d'une attestation, actions du journal."""

from __future__ import annotations

from django.db import models

from parchemin.registre import actions


class Verdict(models.TextChoices):
    """Ce qu'atteste une ligne : la compétence est maîtrisée « en situation réelle de travail », ou pas encore."""

    MAITRISEE = "maitrisee", "Maîtrisée en situation réelle"
    PAS_ENCORE = "pas_encore", "Pas encore"


@actions.declarees
class Action(models.TextChoices):
    """Ce que la capacité inscrit au journal : ces valeurs ne changent jamais."""

    CARNET_OUVERT = "carnet.ouvert", "Carnet remis"
    RECEPTION = "carnet.reception", "Remise du carnet confirmée par le candidat"
    ATTESTATION = "carnet.attestation", "Compétences attestées"
    RETRAIT = "carnet.retrait", "Attestation retirée"
