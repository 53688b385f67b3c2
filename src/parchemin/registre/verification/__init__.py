"""Tout refaire : chaque empreinte, chaque chaîne, chaque ligne signée, chaque ligne scellée, chaque valeur."""

from parchemin.registre.verification.anomalies import Anomalie
from parchemin.registre.verification.examen import Rapport, examiner, verifier

__all__ = ["Anomalie", "Rapport", "examiner", "verifier"]
