"""Le relevé quotidien : signer les têtes hors de la base, et faire horodater la ligne si un service est réglé."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from parchemin.registre.horodatage import demander_par_http, horodater
from parchemin.registre.services import relever_tetes
from parchemin.socle import horloge

DOSSIER_JOURNAL = "journal"


def dossier_journal() -> Path:
    """Le dossier des lignes signées, sous le dossier de données."""
    return Path(settings.DONNEES) / DOSSIER_JOURNAL


@app.periodic(cron="0 3 * * *")
@app.task(name="registre.relever", lock="registre.relever", queueing_lock="registre.relever", retry=3)
def relever(timestamp: int) -> None:
    """Chaque nuit à 3 h (UTC) : une ligne signée. `timestamp` est l'heure prévue, que la file fournit."""
    relever_tetes(maintenant=horloge.maintenant(), dossier=dossier_journal())
    if settings.PARCHEMIN_HORODATAGE:
        horodater_lignes.defer()


@app.task(
    name="registre.horodater",
    lock="registre.horodater",
    retry=RetryStrategy(max_attempts=8, exponential_wait=4),
)
def horodater_lignes() -> None:
    """Demande un jeton pour chaque ligne qui n'en a pas ; un échec est rejoué, puis rattrapé la nuit suivante."""
    horodater(dossier=dossier_journal(), demander=demander_par_http(settings.PARCHEMIN_HORODATAGE))
