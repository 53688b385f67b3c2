"""D'une semaine type à des plages : l'horloge du lieu, les deux nuits où l'heure change, ce qui prend et ce qui libère."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parchemin.convocations.planificateur.conflits import REGLABLES, TOUJOURS_REFUSES, Effet, effets
from parchemin.convocations.planificateur.instance import Plage
from parchemin.convocations.planificateur.semaine import Ecart, Heures, defaut_de_semaine, en_minutes, libre, ouvertures
from parchemin.convocations.planificateur.verificateur import Regle

PARIS = ZoneInfo("Europe/Paris")
heures = st.builds(
    lambda jour, debut, duree: Heures(
        jour, time(debut // 60, debut % 60), time((debut + duree) // 60, (debut + duree) % 60)
    ),
    st.integers(1, 7),
    st.integers(0, 1200),
    st.integers(1, 200),
)


@pytest.mark.parametrize(
    ("zone", "attendu"),
    [("Europe/Paris", 8), ("America/Cayenne", 12), ("Indian/Reunion", 5), ("Pacific/Noumea", -2)],
)
def test_neuf_heures_se_lit_a_l_horloge_du_lieu(zone, attendu):
    (une,) = ouvertures([Heures(5, time(9), time(12))], ZoneInfo(zone), date(2026, 11, 16), date(2026, 11, 22))
    assert une.plage.debut == en_minutes(datetime(2026, 11, 20, tzinfo=UTC)) + attendu * 60
    assert une.jour == date(2026, 11, 20).toordinal()


def test_l_heure_qui_change_deplace_l_instant_pas_l_horloge():
    samedi_et_lundi = [Heures(6, time(9), time(10)), Heures(1, time(9), time(10))]
    avant, apres = ouvertures(samedi_et_lundi, PARIS, date(2026, 10, 24), date(2026, 10, 26))
    assert apres.plage.debut - avant.plage.debut == 49 * 60


@given(
    st.lists(heures, max_size=6),
    st.lists(st.tuples(st.integers(0, 9000), st.integers(1, 3000), st.booleans()), max_size=4),
)
def test_minute_par_minute_libre_dit_ce_que_disent_la_semaine_et_les_ecarts(semaine, dits):
    lundi, dimanche = date(2026, 11, 16), date(2026, 11, 22)
    debut = en_minutes(datetime.combine(lundi, time(), tzinfo=PARIS))
    ecarts = [Ecart(Plage(debut + de, debut + de + duree), est_libre) for de, duree, est_libre in dits]
    plages = libre(semaine, ecarts, PARIS, lundi, dimanche)
    assert all(a.fin < b.debut for a, b in pairwise(plages))
    for minute in range(debut, debut + 7 * 24 * 60, 37):
        local = datetime.fromtimestamp(minute * 60, PARIS)
        base = not semaine or any(h.jour == local.isoweekday() and h.de <= local.time() < h.a for h in semaine)
        ouvert = base or any(e.libre and e.plage.debut <= minute < e.plage.fin for e in ecarts)
        pris = any(not e.libre and e.plage.debut <= minute < e.plage.fin for e in ecarts)
        assert any(p.debut <= minute < p.fin for p in plages) == (ouvert and not pris)


def test_une_semaine_bien_faite_n_a_pas_de_defaut():
    assert (
        defaut_de_semaine([Heures(1, time(9), time(12)), Heures(1, time(12), time(13)), Heures(2, time(9), time(12))])
        is None
    )
    assert defaut_de_semaine([]) is None


def test_chaque_regle_de_place_a_un_effet_et_nul_reglement_ne_permet_deux_endroits_a_la_fois():
    tout_permis = {regle.value: Effet.AVERTISSEMENT for regle in Regle}
    assert {r for r, effet in effets(tout_permis).items() if effet == Effet.REFUS} == TOUJOURS_REFUSES
    assert set(effets({})) == TOUJOURS_REFUSES | set(REGLABLES)
    assert effets({"salle_fermee": Effet.REFUS})[Regle.SALLE_FERMEE] == Effet.REFUS


def test_un_instant_compte_en_minutes_entamees():
    assert en_minutes(datetime(1970, 1, 1, 0, 1, 59, tzinfo=UTC)) == 1
    assert en_minutes(datetime(1970, 1, 1, tzinfo=UTC) - timedelta(seconds=1)) == -1
