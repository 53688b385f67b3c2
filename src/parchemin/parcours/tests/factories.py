"""Des dossiers légaux, inscrits par les services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from parchemin.comptes.tests import factories as comptes
from parchemin.parcours import services
from parchemin.parcours.enums import Initiative, Voie
from parchemin.referentiels.tests import factories as referentiels
from parchemin.socle.acteur import Acteur
from tests.scenes import scene_partagee

INSCRIPTION = datetime(2026, 9, 2, 8, 0, tzinfo=UTC)
ENTREE = date(2026, 1, 12)
TOUS = ("B1", "B2", "B3", "B4")


@dataclass(frozen=True, slots=True)
class Monde:
    """Un organisme, son gestionnaire, un candidat, son tuteur, son manager, et leur dossier."""

    organisme: UUID
    gestionnaire: Acteur
    candidat: Acteur
    tuteur: Acteur
    manager: Acteur
    dossier: UUID


@scene_partagee
def monde(
    blocs: Sequence[str] = TOUS,
    organisme: UUID | None = None,
    nom: str = "",
    *,
    designe: bool = True,
    voie: Voie = Voie.FORMATION_CONTINUE,
) -> Monde:
    """Un dossier inscrit sur ces blocs (tuteur et manager désignés, sauf avis contraire)."""
    referentiels.publier()
    organisme = organisme or comptes.organisme()
    gestionnaire = comptes.gestionnaire(organisme)
    candidat = comptes.personne("Camille", nom)
    tuteur, manager = comptes.personne("Théo"), comptes.personne("Maud")
    dossier = services.inscrire(
        candidat=candidat.id,
        organisme=organisme,
        referentiel="cqp-cos@2021",
        voie=voie,
        initiative=Initiative.EMPLOYEUR,
        entree_le=ENTREE,
        recevable_le=ENTREE if voie == Voie.VAE else None,
        blocs=blocs,
        tuteur=tuteur.id if designe else None,
        manager=manager.id if designe else None,
        auteur=gestionnaire,
        maintenant=INSCRIPTION,
    )
    return Monde(organisme, gestionnaire, candidat, tuteur, manager, dossier.pk)


def autre_dossier(monde: Monde, referentiel: str, blocs: Sequence[str]) -> UUID:
    """Un second dossier de la même personne, pour une autre version publiée, mêmes tuteur et manager."""
    return services.inscrire(
        candidat=monde.candidat.id,
        organisme=monde.organisme,
        referentiel=referentiel,
        voie=Voie.FORMATION_CONTINUE,
        initiative=Initiative.EMPLOYEUR,
        entree_le=ENTREE,
        blocs=blocs,
        tuteur=monde.tuteur.id,
        manager=monde.manager.id,
        auteur=monde.gestionnaire,
        maintenant=INSCRIPTION,
    ).pk
