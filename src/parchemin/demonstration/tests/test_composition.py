"""Composer la cohorte : une fois, à toute heure, et seulement dans une base de démonstration."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from parchemin.demonstration.services import construire, est_construite
from parchemin.demonstration.tests.factories import MINUIT_PASSE, cohorte_composee
from parchemin.registre.models import Entree
from parchemin.socle.refus import Refus

MAINTENANT = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.mark.lent
@pytest.mark.parametrize(
    "instant",
    [MINUIT_PASSE, datetime(2027, 3, 28, 1, 30, tzinfo=UTC)],
    ids=["un mardi, à minuit passé", "un dimanche, l'heure où l'on avance les montres"],
)
def test_la_cohorte_se_compose_a_toute_heure_et_la_recomposer_ne_touche_a_rien(instant: datetime) -> None:
    assert cohorte_composee(instant).nouvelle
    avant = Entree.objects.count()
    seconde = construire(maintenant=instant + timedelta(days=30))
    assert (seconde.nouvelle, seconde.actes, Entree.objects.count()) == (False, 0, avant)


def test_une_base_non_marquee_est_refusee() -> None:
    with pytest.raises(Refus) as refus:
        construire(maintenant=MAINTENANT)
    assert refus.value.code == "base_non_marquee"
    assert not est_construite()
