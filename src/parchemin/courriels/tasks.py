"""Le travail de fond : remettre, reprendre ce qui s'est perdu, vider ce qui est ancien."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from procrastinate.contrib.django import app

from parchemin.courriels import services
from parchemin.courriels.services.depot import TACHE
from parchemin.socle import horloge

RETARD_ADMIS = timedelta(minutes=10)
"""Au-delà, le job d'un envoi est tenu pour perdu : la reprise passe toutes les cinq minutes."""


@app.task(name=TACHE, queue="courriels")
def poster(envoi: str) -> None:
    """Essaie de remettre un envoi ; ses reprises sont les siennes, pas celles de la file."""
    services.poster_envoi(envoi=UUID(envoi), maintenant=horloge.maintenant())


@app.periodic(cron="*/5 * * * *")
@app.task(name="courriels.reprendre", lock="courriels.reprendre", queueing_lock="courriels.reprendre")
def reprendre(timestamp: int) -> None:
    """Toutes les cinq minutes : rediffère les envois dont le job est mort avec son processus."""
    services.reprendre(maintenant=horloge.maintenant(), tolerance=RETARD_ADMIS)


@app.periodic(cron="40 3 * * *")
@app.task(name="courriels.vider", lock="courriels.vider", queueing_lock="courriels.vider", retry=3)
def vider(timestamp: int) -> None:
    """Chaque nuit : vide les courriels clos depuis plus longtemps que la durée réglée."""
    garder = timedelta(days=settings.PARCHEMIN_COURRIELS_JOURS)
    while services.vider_anciens(garder=garder, maintenant=horloge.maintenant()):
        pass
