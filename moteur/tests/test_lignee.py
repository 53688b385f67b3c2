"""La lignée : de proche en proche, avec des dates, et sans jamais tourner en rond."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from moteur.lignee import Periode, Rang, Rattachement, lignee

J = [date(2026, 1, jour) for jour in range(1, 7)]
TOUJOURS = Periode()
BORNES = [None, *J[1:4]]
PERIODES = [Periode(du, au) for du, au in product(BORNES, repeat=2) if du is None or au is None or du < au]


def jours(periode: Periode) -> set[date]:
    return {jour for jour in J if periode.contient(jour)}


def test_une_periode_commence_ce_jour_la_et_finit_la_veille() -> None:
    periode = Periode(J[1], J[3])
    assert [periode.contient(jour) for jour in J[:5]] == [False, True, True, False, False]
    assert all(TOUJOURS.contient(jour) for jour in J)


def test_toutes_les_paires_de_periodes() -> None:
    for une, autre in product(PERIODES, repeat=2):
        ensemble = jours(une) & jours(autre)
        commune = une.commune(autre)
        assert (jours(commune) if commune else set()) == ensemble
        assert une.couvre(autre) is (jours(une) >= jours(autre) and _bornes_tenues(une, autre))


def _bornes_tenues(une: Periode, autre: Periode) -> bool:
    """Au-delà des jours d'essai, une période sans borne n'est couverte que par une période sans borne."""
    return not (autre.du is None and une.du is not None) and not (autre.au is None and une.au is not None)


def test_n_plus_un_n_plus_deux_et_au_dessous() -> None:
    chaine = [
        Rattachement("camille", "maud", TOUJOURS),
        Rattachement("maud", "nadia", Periode(J[1], J[3])),
        Rattachement("leo", "camille", TOUJOURS),
        Rattachement("collegue", "maud", TOUJOURS),
    ]
    assert lignee(chaine, "camille") == (
        Rang("maud", 1, TOUJOURS),
        Rang("nadia", 2, Periode(J[1], J[3])),
        Rang("leo", -1, TOUJOURS),
    )


def test_deux_maillons_qui_ne_se_croisent_pas_ne_font_pas_une_chaine() -> None:
    chaine = [Rattachement("camille", "maud", Periode(None, J[2])), Rattachement("maud", "nadia", Periode(J[2], None))]
    assert lignee(chaine, "camille") == (Rang("maud", 1, Periode(None, J[2])),)


def test_une_boucle_ne_tourne_pas_sans_fin_et_personne_n_est_son_propre_superieur() -> None:
    boucle = [Rattachement("a", "b", TOUJOURS), Rattachement("b", "c", TOUJOURS), Rattachement("c", "a", TOUJOURS)]
    assert lignee(boucle, "a") == (
        Rang("b", 1, TOUJOURS),
        Rang("c", 2, TOUJOURS),
        Rang("c", -1, TOUJOURS),
        Rang("b", -2, TOUJOURS),
    )


def test_la_place_la_plus_proche_dit_tout_et_les_periodes_qui_s_ajoutent_restent() -> None:
    chaine = [
        Rattachement("a", "b", TOUJOURS),
        Rattachement("a", "c", Periode(J[1], J[2])),
        Rattachement("b", "c", Periode(J[1], J[4])),
    ]
    assert lignee(chaine, "a") == (
        Rang("b", 1, TOUJOURS),
        Rang("c", 1, Periode(J[1], J[2])),
        Rang("c", 2, Periode(J[1], J[4])),
    )


def test_une_place_couverte_par_une_autre_du_meme_degre_n_est_pas_redite_dans_aucun_ordre() -> None:
    courte, longue = Rattachement("a", "b", Periode(J[1], J[2])), Rattachement("a", "b", TOUJOURS)
    assert lignee([courte, longue], "a") == lignee([longue, courte], "a") == (Rang("b", 1, TOUJOURS),)


GENS = "abcde"
GRAPHES = st.lists(
    st.builds(Rattachement, st.sampled_from(GENS), st.sampled_from(GENS), st.sampled_from(PERIODES)), max_size=9
)


def au_dessus(rattachements: list[Rattachement], personne: str, jour: date) -> set[str]:
    """L'oracle naïf : la fermeture transitive des rattachements de ce jour-là."""
    trouves: set[str] = set()
    while True:
        plus = {
            r.responsable
            for r in rattachements
            if r.periode.contient(jour) and (r.agent == personne or r.agent in trouves)
        }
        if plus <= trouves:
            return trouves - {personne}
        trouves |= plus


@given(GRAPHES, st.sampled_from(GENS))
def test_chaque_jour_la_lignee_est_la_fermeture_transitive(rattachements: list[Rattachement], personne: str) -> None:
    places = lignee(rattachements, personne)
    inverses = [Rattachement(r.responsable, r.agent, r.periode) for r in rattachements]
    for jour in [J[0] - timedelta(days=1), *J]:
        du_jour = [place for place in places if place.periode.contient(jour)]
        assert {p.personne for p in du_jour if p.degre > 0} == au_dessus(rattachements, personne, jour)
        assert {p.personne for p in du_jour if p.degre < 0} == au_dessus(inverses, personne, jour)
    assert personne not in {place.personne for place in places}


@given(GRAPHES, st.sampled_from(GENS), st.randoms(use_true_random=False))
def test_l_ordre_des_rattachements_ne_change_rien(
    rattachements: list[Rattachement], personne: str, hasard: random.Random
) -> None:
    melanges = hasard.sample(rattachements, len(rattachements))
    assert set(lignee(melanges, personne)) == set(lignee(rattachements, personne))
    degres = [abs(place.degre) for place in lignee(rattachements, personne) if place.degre > 0]
    assert degres == sorted(degres)
