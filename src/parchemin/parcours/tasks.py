"""Le travail de fond : vider les imports que personne n'a confirmés ; tirer du silence ce que la loi y met."""

from __future__ import annotations

from procrastinate.contrib.django import app

from parchemin.parcours import services
from parchemin.socle import horloge


@app.periodic(cron="55 3 * * *")
@app.task(
    name="parcours.purger_imports", lock="parcours.purger_imports", queueing_lock="parcours.purger_imports", retry=3
)
def purger_imports(timestamp: int) -> None:
    """Chaque nuit : vide les fichiers expirés."""
    services.purger_candidats(maintenant=horloge.maintenant())
    services.purger_reprises(maintenant=horloge.maintenant())


@app.periodic(cron="10 5 * * *")
@app.task(name="parcours.silence", lock="parcours.silence", queueing_lock="parcours.silence")
def silence_vaut_oui(timestamp: int) -> None:
    """Chaque matin : une demande de VAE restée sans réponse devient recevable. Deux fois le même jour n'en rend qu'une."""
    services.tirer_du_silence(maintenant=horloge.maintenant())
