"""Qui voit quelle lecture : toutes les situations, une par une."""

from __future__ import annotations

from itertools import product

import pytest

from moteur.regles.lectures_aveugles import lues_avant, visibles

DEUX = ("metier", "certificateur")
SCELLEES = [(), ("metier",), ("certificateur",), DEUX]


@pytest.mark.parametrize(("scellees", "la_sienne", "instruit"), list(product(SCELLEES, (None, *DEUX), (False, True))))
def test_toutes_les_situations(scellees: tuple[str, ...], la_sienne: str | None, instruit: bool) -> None:
    vues = visibles(DEUX, scellees=scellees, la_sienne=la_sienne, instruit=instruit)
    if set(scellees) == set(DEUX) and (la_sienne or instruit):
        assert vues == DEUX
    else:
        assert vues == ((la_sienne,) if la_sienne else ())


def test_en_lecture_commune_l_autre_evaluateur_lit_ce_qui_est_scelle_personne_d_autre() -> None:
    for scellees, la_sienne, instruit in product(
        ((), ("metier",), ("certificateur",), DEUX), (None, *DEUX), (True, False)
    ):
        vues = visibles(DEUX, scellees=scellees, la_sienne=la_sienne, instruit=instruit, commune=True)
        if la_sienne is None:
            attendues = DEUX if instruit and scellees == DEUX else ()
        else:
            attendues = tuple(q for q in DEUX if q == la_sienne or q in scellees)
        assert vues == attendues


def test_nul_n_a_pu_lire_l_autre_lecture_avant_de_sceller_la_sienne_sauf_en_lecture_commune() -> None:
    situations = product(SCELLEES, (None, *DEUX), (False, True), (False, True))
    lues = {
        (scellees, la_sienne, instruit, commune): trouvees
        for scellees, la_sienne, instruit, commune in situations
        if (trouvees := lues_avant(DEUX, scellees=scellees, la_sienne=la_sienne, instruit=instruit, commune=commune))
    }
    une, autre = ("metier",), ("certificateur",)
    assert lues == {
        **{(DEUX, None, True, commune): DEUX for commune in (False, True)},
        **{
            (DEUX, la_sienne, instruit, commune): lues_de_l_autre
            for la_sienne, lues_de_l_autre in (("metier", autre), ("certificateur", une))
            for instruit in (False, True)
            for commune in (False, True)
        },
        **{(une, "certificateur", instruit, True): une for instruit in (False, True)},
        **{(autre, "metier", instruit, True): autre for instruit in (False, True)},
    }
