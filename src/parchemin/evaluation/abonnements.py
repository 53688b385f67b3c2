"""Ce que fait l'évaluation quand un dossier s'ouvre à ses épreuves : il n'y a peut-être déjà plus rien à y juger."""

from __future__ import annotations

from django.db import transaction

from parchemin.evaluation.services import avancer_dossier
from parchemin.parcours.evenements import DossierInscrit, DossierPasse, PersonneDesignee
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.annonces import abonne
from parchemin.socle.horloge import maintenant


@abonne(DossierInscrit)
@abonne(PersonneDesignee)
@abonne(DossierPasse)
def avancer_ce_qui_ne_se_juge_plus(evenement: DossierInscrit | PersonneDesignee | DossierPasse) -> None:
    """Ses blocs sont peut-être tous acquis depuis avant (reconnus, repris du papier) : aucune épreuve ne le dira plus."""
    with transaction.atomic():
        avancer_dossier(evenement.dossier, SYSTEME, maintenant())
