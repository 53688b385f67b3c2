"""Le ménage du socle."""

from __future__ import annotations

from procrastinate.contrib.django import app

from parchemin.socle import horloge
from parchemin.socle.debits import oublier


@app.periodic(cron="17 * * * *")
@app.task(name="socle.oublier_les_debits", queueing_lock="socle.oublier_les_debits")
def oublier_les_debits(timestamp: int) -> None:
    """Chaque heure : ôte les compteurs de débit dont la fenêtre est finie. `timestamp` vient de la file."""
    oublier(avant=horloge.maintenant())
