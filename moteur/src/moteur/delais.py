"""Compter des délais en mois calendaires, sur des jours civils.

Un délai en mois expire le jour du dernier mois qui porte le même quantième que le jour de départ ; à défaut d'un quantième
identique, le dernier jour du mois (règle de l'article 641 du code de procédure civile).
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date

MOIS_DE_L_ANNEE = 12


def ajouter_mois(depart: date, mois: int) -> date:
    """Le jour où expire un délai de `mois` mois (positif ou nul) qui part de `depart`.

    >>> ajouter_mois(date(2026, 12, 31), 2)
    datetime.date(2027, 2, 28)
    """
    rang = depart.month - 1 + mois
    annee, du_mois = depart.year + rang // MOIS_DE_L_ANNEE, rang % MOIS_DE_L_ANNEE + 1
    return date(annee, du_mois, min(depart.day, monthrange(annee, du_mois)[1]))
