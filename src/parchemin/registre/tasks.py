"""Le relevé quotidien (signer les têtes hors de la base, faire horodater), et la vérification menée hors des requêtes."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from django.conf import settings
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from parchemin.registre.horodatage import demander_par_http, horodater
from parchemin.registre.services import garder_rapport, relever_tetes
from parchemin.registre.services.verifications import VERROU, examiner_dossier
from parchemin.socle import horloge
from parchemin.socle.acteur import SYSTEME, Acteur

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


@app.periodic(cron="0 4 * * 0")
@app.task(name="registre.verifier_chaque_semaine", lock=VERROU, queueing_lock="registre.verifier_chaque_semaine")
def verifier_chaque_semaine(timestamp: int) -> None:
    """Chaque dimanche à 4 h (UTC), après le relevé : tout relire, et garder ce qu'on a trouvé."""
    _verifier(SYSTEME)


@app.task(name=VERROU, lock=VERROU, queueing_lock=VERROU)
def verifier(demandeur: str) -> None:
    """La vérification demandée par une personne, menée par la file."""
    _verifier(Acteur(UUID(demandeur)))


def _verifier(auteur: Acteur) -> None:
    debut = horloge.maintenant()
    rapport = examiner_dossier(dossier_journal())
    garder_rapport(rapport=rapport, debut=debut, auteur=auteur, maintenant=horloge.maintenant())
