"""Le travail de fond des convocations : calculer un plan d'épreuves, l'adopter."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from parchemin.convocations import services
from parchemin.convocations.services.plans import ADOPTER, CALCULER
from parchemin.socle import horloge
from parchemin.socle.acteur import Acteur


@app.task(name=CALCULER, queue="plans")
def calculer(plan: str) -> None:
    """Un premier plan, puis mieux, dans le temps dit."""
    services.calculer_plan(plan=UUID(plan), maintenant=horloge.maintenant())


@app.task(name=ADOPTER, queue="plans")
def adopter(plan: str, auteur: str, malgre: bool) -> None:
    """Chaque épreuve du plan, au nom de qui l'adopte ; ses droits se relisent à chacune."""
    services.adopter_plan(plan=UUID(plan), auteur=Acteur(UUID(auteur)), malgre=malgre, maintenant=horloge.maintenant())
