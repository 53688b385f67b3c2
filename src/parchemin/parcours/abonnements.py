"""Ce que fait la capacité de ses propres nouvelles : un import se redit, inscription par inscription, hors de l'attente."""

from __future__ import annotations

from django.db import transaction

from parchemin.parcours.evenements import (
    CandidatsImportes,
    DossierInscrit,
    DossierPasse,
    ImportDefait,
    PersonneDesignee,
)
from parchemin.parcours.selectors import designations_de_l_import, dossiers_de_l_import
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.annonces import abonne, annoncer


@abonne(CandidatsImportes)
def redire_chaque_inscription(evenement: CandidatsImportes) -> None:
    """Annonce chaque dossier ouvert par l'import, et chaque désignation : les carnets s'ouvrent, les nouvelles partent."""
    dossiers, designations = designations_de_l_import(evenement.importation)
    with transaction.atomic():
        for dossier in dossiers:
            annoncer(DossierInscrit(dossier))
        for dossier_id, personne, qualite, instant in designations:
            annoncer(PersonneDesignee(dossier_id, personne, qualite, instant))


@abonne(ImportDefait)
def redire_chaque_cloture(evenement: ImportDefait) -> None:
    """Annonce que chaque dossier de l'import défait est passé à un autre état."""
    with transaction.atomic():
        for dossier in dossiers_de_l_import(SYSTEME, evenement.importation):
            annoncer(DossierPasse(dossier.id, dossier.etat))
