"""Les mois calendaires : chaque jour de vingt-huit années (tous les calendriers possibles), contre la phrase dite autrement."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from moteur.delais import ajouter_mois

UN_JOUR = timedelta(days=1)
TOUS_LES_JOURS = [date(2023, 1, 1) + UN_JOUR * rang for rang in range(28 * 365 + 7)]


def attendu(depart: date, mois: int) -> date:
    """L'autre façon : avancer mois par mois jusqu'au premier du mois d'arrivée, puis jour par jour jusqu'au quantième."""
    premier = depart.replace(day=1)
    for _ in range(mois):
        premier = (premier + timedelta(days=31)).replace(day=1)
    arrivee = premier
    while arrivee.day < depart.day and (arrivee + UN_JOUR).month == premier.month:
        arrivee += UN_JOUR
    return arrivee


@pytest.mark.parametrize("mois", [0, 1, 2, 3, 11, 12, 13, 24])
def test_chaque_jour_de_vingt_huit_annees(mois: int) -> None:
    assert [ajouter_mois(jour, mois) for jour in TOUS_LES_JOURS] == [attendu(jour, mois) for jour in TOUS_LES_JOURS]


def test_les_fins_de_mois_dites_une_a_une() -> None:
    assert {depart: ajouter_mois(depart, 2) for depart in (
        date(2026, 12, 28), date(2026, 12, 29), date(2026, 12, 30), date(2026, 12, 31),
        date(2027, 12, 29), date(2027, 12, 30), date(2026, 7, 31), date(2026, 8, 31), date(2026, 4, 30),
    )} == {
        date(2026, 12, 28): date(2027, 2, 28),
        date(2026, 12, 29): date(2027, 2, 28),
        date(2026, 12, 30): date(2027, 2, 28),
        date(2026, 12, 31): date(2027, 2, 28),
        date(2027, 12, 29): date(2028, 2, 29),
        date(2027, 12, 30): date(2028, 2, 29),
        date(2026, 7, 31): date(2026, 9, 30),
        date(2026, 8, 31): date(2026, 10, 31),
        date(2026, 4, 30): date(2026, 6, 30),
    }  # fmt: skip


def test_un_delai_plus_long_ne_finit_jamais_plus_tot() -> None:
    for jour in TOUS_LES_JOURS[:1461]:
        suite = [ajouter_mois(jour, mois) for mois in range(25)]
        assert suite == sorted(set(suite))
