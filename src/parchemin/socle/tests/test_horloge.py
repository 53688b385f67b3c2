"""Le jour civil est celui de Paris, été comme hiver."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from parchemin.socle.horloge import PARIS, au_temps_du_recit, jour_civil, maintenant


@pytest.mark.parametrize(
    ("instant", "jour"),
    [
        (datetime(2026, 11, 24, 22, 59, 59, tzinfo=UTC), date(2026, 11, 24)),
        (datetime(2026, 11, 24, 23, 0, 0, tzinfo=UTC), date(2026, 11, 25)),
        (datetime(2026, 7, 14, 21, 59, 59, tzinfo=UTC), date(2026, 7, 14)),
        (datetime(2026, 7, 14, 22, 0, 0, tzinfo=UTC), date(2026, 7, 15)),
    ],
)
def test_minuit_est_celui_de_paris(instant: datetime, jour: date) -> None:
    assert jour_civil(instant) == jour


def test_maintenant_porte_son_fuseau() -> None:
    with time_machine.travel(datetime(2026, 11, 24, 14, 2, tzinfo=UTC), tick=False):
        assert maintenant() == datetime(2026, 11, 24, 14, 2, tzinfo=UTC)
        assert maintenant().utcoffset() == timedelta(0)


def test_le_temps_du_recit_ne_dure_que_son_bloc():
    jadis = datetime(2026, 1, 5, 9, 0, tzinfo=PARIS)
    with au_temps_du_recit(jadis):
        assert maintenant() == jadis
    assert maintenant() > jadis
