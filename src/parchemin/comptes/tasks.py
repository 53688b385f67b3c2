"""Le travail de fond : vider les imports que personne n'a confirmés."""

from __future__ import annotations

from procrastinate.contrib.django import app

from parchemin.comptes import services
from parchemin.socle import horloge


@app.periodic(cron="50 3 * * *")
@app.task(name="comptes.purger_imports", lock="comptes.purger_imports", queueing_lock="comptes.purger_imports", retry=3)
def purger_imports(timestamp: int) -> None:
    """Chaque nuit : vide les fichiers expirés."""
    services.purger_imports(maintenant=horloge.maintenant())
