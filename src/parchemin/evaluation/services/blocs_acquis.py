"""Ce que fait l'évaluation d'un bloc acquis autrement : s'il ne reste rien à juger, le dossier avance ; retiré, il revient."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from parchemin.evaluation.selectors import acquis_du_dossier, reste_a_juger, resultats_du_dossier
from parchemin.evaluation.services.seconds_regards import avancer_dossier
from parchemin.parcours.selectors import dossiers_par_ids
from parchemin.parcours.services import passer_etat, verrouiller_dossier
from parchemin.socle.acteur import Acteur


def avancer_apres_un_bloc_acquis(dossier: UUID, _bloc: str, auteur: Acteur, maintenant: datetime) -> None:
    """Le dossier dont c'était le dernier bloc à juger passe à l'évalué, dans la transaction de qui a reconnu ce bloc."""
    avancer_dossier(dossier, auteur, maintenant)


def juger_de_nouveau(dossier: UUID, _bloc: str, auteur: Acteur, maintenant: datetime) -> None:
    """Le dossier qui n'attendait plus que ses seconds regards revient aux épreuves : un bloc retiré y est à juger."""
    verrouiller_dossier(dossier)
    vue = dossiers_par_ids(auteur, [dossier])[dossier]
    if vue.etat != "second_regard":
        return
    if reste_a_juger(vue, resultats_du_dossier(auteur, dossier), acquis_du_dossier(auteur, vue)):
        passer_etat(dossier=dossier, vers="en_evaluation", auteur=auteur, maintenant=maintenant)
