"""La relance du matin : qui tarde à sceller, à s'accorder ou à confirmer, quand l'horloge du règlement le veut."""

from __future__ import annotations

from datetime import datetime

from procrastinate.contrib.django import app

from parchemin.convocations.selectors import epreuves_echues
from parchemin.evaluation.services import relancer_si_due
from parchemin.socle import horloge
from parchemin.socle.acteur import SYSTEME


@app.periodic(cron="20 4 * * *")
@app.task(name="evaluation.relancer", lock="evaluation.relancer", queueing_lock="evaluation.relancer")
def relancer_les_retards(timestamp: int) -> None:
    """Chaque matin, avant le courriel du jour qui la dira ; deux fois le même jour ne relance qu'une fois."""
    relancer_tous(horloge.maintenant())


def relancer_tous(instant: datetime) -> int:
    """Relance qui doit l'être ; rend combien."""
    return sum(relancer_si_due(epreuve=epreuve, maintenant=instant) for epreuve in epreuves_echues(SYSTEME, instant))
