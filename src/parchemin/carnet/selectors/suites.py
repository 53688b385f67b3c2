"""Ce que le carnet a bâti sur un dossier : ce qui empêche de défaire l'import qui l'a ouvert."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from parchemin.carnet.models import (
    Attestation,
    BrouillonEntree,
    Carnet,
    Dispense,
    EntreeCarnet,
    LienAttestation,
)
from parchemin.parcours.enums import Qualite
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import date_en_clair


def suites_des_dossiers(dossiers: Collection[UUID]) -> Iterator[tuple[UUID, str]]:
    """Un carnet reçu, attesté, écrit, dispensé, ou demandé par un lien ; remis seulement, il n'engage personne. Six requêtes."""
    recus = Carnet.objects.filter(dossier__in=dossiers).exclude(recu_le=None).order_by("dossier")
    for dossier, recu_le in recus.values_list("dossier_id", "recu_le"):
        if recu_le:
            yield dossier, f"le candidat a confirmé avoir reçu son carnet le {date_en_clair(jour_civil(recu_le))}."
    attestes = Attestation.objects.filter(ligne__carnet__dossier__in=dossiers).order_by("ligne__carnet__dossier")
    for dossier, qualite in attestes.values_list("ligne__carnet__dossier", "qualite").distinct():
        yield dossier, f"le {Qualite(qualite).label.lower()} a attesté."
    for table, raison in (
        (EntreeCarnet, "le candidat a écrit dans son carnet."),
        (BrouillonEntree, "le candidat a commencé à écrire dans son carnet."),
        (LienAttestation, "un lien d'attestation est parti."),
        (Dispense, "un bloc a été dispensé du carnet."),
    ):
        touches = table.objects.filter(carnet__dossier__in=dossiers).order_by("carnet__dossier")
        for dossier in touches.values_list("carnet__dossier", flat=True).distinct():
            yield dossier, raison
