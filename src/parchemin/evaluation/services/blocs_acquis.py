"""Ce que fait l'évaluation d'un bloc acquis autrement : s'il ne reste rien à juger, le dossier avance."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from parchemin.evaluation.services.seconds_regards import avancer_dossier
from parchemin.socle.acteur import Acteur


def avancer_apres_un_bloc_acquis(dossier: UUID, _bloc: str, auteur: Acteur, maintenant: datetime) -> None:
    """Le dossier dont c'était le dernier bloc à juger passe à l'évalué, dans la transaction de qui a reconnu ce bloc."""
    avancer_dossier(dossier, auteur, maintenant)
