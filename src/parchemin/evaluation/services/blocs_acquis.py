"""Ce que fait l'évaluation d'un bloc acquis autrement, ou qui ne l'est plus : le dossier avance, ou revient aux épreuves."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from parchemin.evaluation.services.seconds_regards import avancer_dossier
from parchemin.socle.acteur import Acteur


def suivre_un_bloc_acquis(dossier: UUID, _bloc: str, auteur: Acteur, maintenant: datetime) -> None:
    """Le dossier dont c'était le dernier bloc à juger passe à l'évalué, ou en revient, dans la transaction de qui en a décidé."""
    avancer_dossier(dossier, auteur, maintenant)
