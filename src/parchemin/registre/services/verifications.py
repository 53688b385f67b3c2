"""Faire vérifier le journal par la file, et garder ce qu'elle a trouvé."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from parchemin.registre import cles
from parchemin.registre.enums import CHAINE_REGISTRE, Action
from parchemin.registre.models import Verification
from parchemin.registre.services.actes import acte
from parchemin.registre.verification import Rapport, examiner
from parchemin.socle.acteur import Acteur

VERROU = "registre.verifier"
"""Le nom de la tâche, et le verrou qui n'en laisse attendre qu'une."""
ANOMALIES_GARDEES = 200


def demander_verification(*, auteur: Acteur, maintenant: datetime) -> bool:
    """Met une vérification dans la file ; faux si une autre y attend déjà (elle verra la même chose).

    Le droit de la demander se vérifie chez l'appelant, qui connaît les rôles.
    """
    from procrastinate.contrib.django import app
    from procrastinate.exceptions import AlreadyEnqueued

    with acte(
        auteur=auteur, maintenant=maintenant, action=Action.VERIFICATION_DEMANDEE, chaine=CHAINE_REGISTRE
    ) as journal:
        if ProcrastinateJob.objects.filter(queueing_lock=VERROU, status="todo").exists():
            journal.rien_a_inscrire()
            return False
        try:
            with transaction.atomic():
                app.configure_task(VERROU, lock=VERROU, queueing_lock=VERROU).defer(demandeur=str(auteur.id))
        except AlreadyEnqueued:
            journal.rien_a_inscrire()
            return False
        journal.inscrire(objet=("registre.verification", "demande"), donnees={})
    return True


def examiner_dossier(dossier: Path) -> Rapport:
    """L'examen complet, avec les clés publiques du dossier des lignes signées. Il peut durer plusieurs minutes."""
    publique = dossier / cles.PUBLIQUE
    return examiner(dossier, cles.cles_publiques(publique) if publique.exists() else ())


def garder_rapport(*, rapport: Rapport, debut: datetime, auteur: Acteur, maintenant: datetime) -> Verification:
    """Garde ce qu'un examen a trouvé (les 200 premiers endroits rompus, et leur nombre), et l'inscrit."""
    ligne = rapport.derniere_ligne
    with acte(auteur=auteur, maintenant=maintenant, action=Action.JOURNAL_VERIFIE, chaine=CHAINE_REGISTRE) as journal:
        verification = Verification.objects.create(
            demandee_par=auteur.id,
            debut=debut,
            fin=maintenant,
            chaines=rapport.chaines,
            entrees=rapport.entrees,
            scelles=rapport.scelles,
            ligne_numero=ligne.numero if ligne else None,
            ligne_instant=datetime.fromisoformat(ligne.instant) if ligne else None,
            nombre_anomalies=len(rapport.anomalies),
            anomalies=[str(anomalie) for anomalie in rapport.anomalies[:ANOMALIES_GARDEES]],
        )
        journal.inscrire(
            objet=("registre.verification", str(verification.pk)),
            donnees={
                "chaines": rapport.chaines,
                "entrees": rapport.entrees,
                "scelles": rapport.scelles,
                "endroits_rompus": len(rapport.anomalies),
            },
        )
    return verification
