"""Les actions que le registre inscrit pour son propre compte."""

from __future__ import annotations

from django.db import models

from parchemin.registre import actions


@actions.declarees
class Action(models.TextChoices):
    """Valeurs inscrites dans le journal : elles ne changent jamais."""

    TETES_RELEVEES = "registre.tetes_relevees", "Têtes des chaînes relevées et signées"
    VALEURS_EFFACEES = "registre.valeurs_effacees", "Valeurs personnelles effacées"
    CONSULTATION = "registre.consultation", "Consultation par quelqu’un d’extérieur à l’équipe"
    JOURNAL_EXPORTE = "registre.journal_exporte", "Journal exporté"
    VERIFICATION_DEMANDEE = "registre.verification_demandee", "Vérification du journal demandée"
    JOURNAL_VERIFIE = "registre.journal_verifie", "Journal vérifié"


CHAINE_REGISTRE = "registre"
"""La chaîne où le registre inscrit ses propres relevés."""


class PageConsultee(models.TextChoices):
    """Ce qui a été regardé ; ces valeurs entrent au journal et ne changent pas."""

    DOSSIER = "dossier", "le dossier"
    CARNET = "carnet", "le carnet"
    EPREUVE = "epreuve", "une épreuve"
    RESULTAT = "resultat", "le résultat"
    CARNET_PDF = "carnet_pdf", "le carnet en PDF"
    RELEVE = "releve", "le relevé de calcul en PDF"
    JOURNAL = "journal", "ce que le journal dit d’elle"


class FormatExport(models.TextChoices):
    """La forme d'un export du journal."""

    CSV = "csv", "Tableau, en mots (CSV)"
    JSONL = "jsonl", "Entrées vérifiables (JSON, une par ligne)"
