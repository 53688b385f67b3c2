"""Le travail de fond : vider les imports de candidats que personne n'a confirmés."""

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
