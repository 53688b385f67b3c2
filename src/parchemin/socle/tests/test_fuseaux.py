"""Les fuseaux : tous ceux qu'on offre existent ; une heure locale dit un instant, deux, ou aucun."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parchemin.socle.fuseaux import FUSEAUX, fuseau, heure_de, instant_dit, instants
from parchemin.socle.refus import Refus

PARIS = ZoneInfo("Europe/Paris")
LOCAUX = st.integers(26_297_280, 34_187_040).map(lambda minutes: datetime.fromtimestamp(minutes * 60, UTC))
"""Chaque minute de 2020 à 2034 : lue comme un instant, ou dépouillée de son fuseau."""
AVANCE, RECULE = date(2026, 3, 29), date(2026, 10, 25)


@pytest.mark.parametrize("nom", FUSEAUX)
def test_chaque_fuseau_offert_existe(nom):
    assert fuseau(nom).key == nom


def test_un_autre_fuseau_iana_est_permis_et_dit_son_nom():
    assert fuseau("America/New_York").key == "America/New_York"
    assert [heure_de(nom) for nom in ("Europe/Paris", "America/Cayenne", "America/New_York")] == [
        "heure de Paris",
        "heure de Guyane",
        "heure de New York",
    ]


@pytest.mark.parametrize("nom", ["", "Paris", "UTC", "Etc/GMT-4", "Europe/Lyon", "../../etc/passwd", "right/UTC"])
def test_ce_qui_n_en_est_pas_un_est_refuse(nom):
    with pytest.raises(Refus) as erreur:
        fuseau(nom)
    assert erreur.value.code == "fuseau_inconnu"


def test_neuf_heures_n_est_pas_le_meme_instant_partout():
    dits = {nom: instant_dit(date(2026, 11, 20), time(9), fuseau(nom)).hour for nom in FUSEAUX}
    assert dits == {
        "Europe/Paris": 8,
        "America/Guadeloupe": 13,
        "America/Martinique": 13,
        "America/Cayenne": 12,
        "Indian/Reunion": 5,
        "Indian/Mayotte": 6,
        "America/Miquelon": 12,
        "America/St_Barthelemy": 13,
        "America/Marigot": 13,
        "Pacific/Noumea": 22,
        "Pacific/Tahiti": 19,
        "Pacific/Wallis": 21,
    }
    assert instant_dit(date(2026, 11, 20), time(9), fuseau("Pacific/Noumea")).date() == date(2026, 11, 19)


def test_une_heure_sautee_n_existe_pas():
    assert instants(AVANCE, time(2, 30), PARIS) == ()
    with pytest.raises(Refus) as erreur:
        instant_dit(AVANCE, time(2, 30), PARIS)
    assert erreur.value.code == "heure_inexistante"
    assert instant_dit(AVANCE, time(3), PARIS) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_une_heure_double_se_choisit():
    with pytest.raises(Refus) as erreur:
        instant_dit(RECULE, time(2, 30), PARIS)
    assert erreur.value.code == "heure_double"
    assert [instant_dit(RECULE, time(2, 30), PARIS, laquelle=n).hour for n in (1, 2)] == [0, 1]
    assert instant_dit(RECULE, time(3), PARIS).hour == 2


@given(LOCAUX, st.sampled_from(sorted(FUSEAUX)))
def test_tout_instant_dit_se_relit_a_la_meme_horloge(quand, nom):
    local, zone = quand.replace(tzinfo=None), ZoneInfo(nom)
    trouves = instants(local.date(), local.time(), zone)
    assert len(trouves) in (0, 1, 2)
    assert {i.astimezone(zone).replace(tzinfo=None, fold=0) for i in trouves} <= {local}


@given(LOCAUX, st.sampled_from(sorted(FUSEAUX)))
def test_tout_instant_peut_se_dire(instant, nom):
    zone = ZoneInfo(nom)
    local = instant.astimezone(zone)
    assert instant in instants(local.date(), local.time().replace(fold=0), zone)
