"""Tout refaire : chaque empreinte, chaque chaîne, chaque ligne signée, chaque ligne scellée, chaque valeur."""

from parchemin.registre.verification.anomalies import Anomalie
from parchemin.registre.verification.examen import Rapport, examiner, verifier
from parchemin.registre.verification.exports import examiner_export

__all__ = ["Anomalie", "Rapport", "examiner", "examiner_export", "verifier"]
