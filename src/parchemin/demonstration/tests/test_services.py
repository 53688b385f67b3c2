"""La cohorte se compose, par les services, avec une histoire qui se tient."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from parchemin.carnet.selectors import carnet
from parchemin.demonstration import services
from parchemin.demonstration.services import Cohorte, construire, est_construite
from parchemin.parcours.selectors import VueDossier, dossiers, passages, vue_dossier
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.horloge import jour_civil
from parchemin.socle.models import Installation
from parchemin.socle.refus import Refus
from parchemin.socle.services import marquer_installation

MAINTENANT = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohorte() -> Cohorte:
    marquer_installation(nature=Installation.Nature.DEMONSTRATION, maintenant=MAINTENANT)
    return construire(maintenant=MAINTENANT)


def test_essai(cohorte: Cohorte) -> None:
    print(cohorte)
    for ligne in dossiers(SYSTEME, jour_civil(MAINTENANT)):
        vue = vue_dossier(ligne)
        print(vue.candidat_nom, vue.etat, vue.depuis)
