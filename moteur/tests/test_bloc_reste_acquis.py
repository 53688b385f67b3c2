"""Ce qui est acquis le reste jusqu'à son terme, compris ; sans terme, toujours."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moteur.regles.bloc_reste_acquis import dernier_jour, reste_acquis

JOURS = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@pytest.mark.parametrize(
    ("obtenu", "mois", "attendu"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
        (date(2026, 3, 15), 60, date(2031, 3, 15)),
        (date(2026, 3, 15), None, None),
    ],
)
def test_le_dernier_jour(obtenu: date, mois: int | None, attendu: date | None) -> None:
    assert dernier_jour(obtenu, mois) == attendu


@given(JOURS, st.integers(1, 240))
def test_le_premier_et_le_dernier_jour_comptent_la_veille_et_le_lendemain_non(obtenu: date, mois: int) -> None:
    fin = dernier_jour(obtenu, mois)
    assert fin is not None
    un = timedelta(days=1)
    assert [reste_acquis(obtenu, mois, jour) for jour in (obtenu - un, obtenu, fin, fin + un)] == [
        False,
        True,
        True,
        False,
    ]


@given(JOURS, JOURS)
def test_sans_terme_tout_jour_depuis_l_obtention(obtenu: date, jour: date) -> None:
    assert reste_acquis(obtenu, None, jour) is (obtenu <= jour)
