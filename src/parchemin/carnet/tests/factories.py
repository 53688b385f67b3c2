"""Des carnets légaux : remis, puis attestés par les services."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from parchemin.carnet import services
from parchemin.carnet.enums import Verdict
from parchemin.carnet.selectors import carnet
from parchemin.carnet.services import Dire
from parchemin.parcours.enums import Qualite
from parchemin.parcours.tests import factories as parcours
from parchemin.parcours.tests.factories import TOUS, Monde
from parchemin.socle.acteur import SYSTEME
from tests.scenes import scene_partagee

REMISE = datetime(2026, 9, 3, 8, 0, tzinfo=UTC)
ATTESTATION = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)


@scene_partagee
def avec_carnet(blocs: Sequence[str] = TOUS, **changements: object) -> Monde:
    """Un dossier dont le carnet est remis, et vide."""
    monde = parcours.monde(blocs, **changements)  # type: ignore[arg-type]
    services.ouvrir_carnet(dossier=monde.dossier, auteur=SYSTEME, maintenant=REMISE)
    return monde


@scene_partagee
def attester_tout(monde: Monde, maintenant: datetime = ATTESTATION) -> None:
    """Le tuteur et le manager attestent tout."""
    vue = carnet(SYSTEME, monde.dossier)
    assert vue is not None
    dires = {ligne.competence: Dire(Verdict.MAITRISEE) for ligne in vue.lignes}
    for qualite, auteur in ((Qualite.TUTEUR, monde.tuteur), (Qualite.MANAGER, monde.manager)):
        services.attester(dossier=monde.dossier, qualite=qualite, dires=dires, auteur=auteur, maintenant=maintenant)


@scene_partagee
def complet(blocs: Sequence[str] = TOUS, **changements: object) -> Monde:
    """Un dossier dont le carnet est complet."""
    monde = avec_carnet(blocs, **changements)
    attester_tout(monde)
    return monde
