"""Ce que partagent les services d'un plan : le tenir, le mettre dans la file, dire ce qu'il a inscrit et pourquoi il laisse une épreuve."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from parchemin.comptes.selectors import droits
from parchemin.convocations.models import Plan
from parchemin.convocations.permissions import verifier_peut_preparer_un_plan
from parchemin.convocations.planificateur.instance import Instance, Placement
from parchemin.convocations.planificateur.pourquoi import pourquoi
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable

CALCULER, ADOPTER = "convocations.calculer_un_plan", "convocations.adopter_un_plan"


def tenir_le_plan(plan: UUID, auteur: Acteur, maintenant: datetime) -> Plan:
    """La ligne du plan, verrouillée, pour qui le tient. Lève `Introuvable`, `RefusDroit`."""
    ligne = Plan.objects.select_for_update().filter(pk=plan).first()
    if ligne is None:
        raise Introuvable
    verifier_peut_preparer_un_plan(droits(auteur, jour_civil(maintenant)), ligne.organisme_id)
    return ligne


def mettre_en_file(tache: str, plan: UUID, **champs: str | bool) -> None:
    """Met une tâche du plan dans la file, sans verrou de file : un processus tué le garderait, et la reprise attendrait pour rien. La
    ligne du plan, verrouillée à chaque écriture, suffit.
    """
    from procrastinate.contrib.django import app

    app.configure_task(tache, queue="plans").defer(plan=str(plan), **champs)


def raison_de_la_laisser(instance: Instance, plan: Sequence[Placement], epreuve: str) -> list[Any]:
    """L'épreuve, ce qu'il suffit de relâcher, chez qui, et si une place est libre sans rien relâcher."""
    reponse = pourquoi(instance, plan, epreuve)
    return [epreuve, list(reponse.relacher), list(reponse.qui), reponse.placement is not None and not reponse.relacher]
