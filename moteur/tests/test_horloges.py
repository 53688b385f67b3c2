"""Les horloges : leur dernier jour, leurs états, et les jours suspendus, contre un oracle qui compte jour par jour."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from moteur.delais import ajouter_mois
from moteur.horloges import UN_JOUR, EtatHorloge, GenreHorloge, Horloge, Suspension, repousser

DEPART, DERNIER = date(2027, 8, 31), date(2028, 2, 29)
JOURS = st.dates(date(2023, 1, 1), date(2030, 12, 31))


def oracle(depart: date, echeance: date, suspensions: list[Suspension]) -> date | None:
    """L'autre façon : un jour après l'autre, ceux qu'aucune suspension ne couvre épuisent le délai."""
    reste, jour = (echeance - depart).days, depart
    while reste:
        jour += UN_JOUR
        couvrent = [a for de, a in suspensions if de <= jour and (a is None or jour < a)]
        if None in couvrent:
            return None
        reste -= not couvrent
    return jour


@st.composite
def suspendues(draw: st.DrawFn) -> tuple[date, int, list[Suspension]]:
    """Un départ, des mois, des suspensions autour : vides, imbriquées, jointives, à l'envers, jamais levées."""
    depart, mois = draw(JOURS), draw(st.integers(1, 7))
    bords = st.integers(-20, 260).map(lambda rang: depart + timedelta(days=rang))
    return depart, mois, draw(st.lists(st.tuples(bords, bords | st.none()), max_size=5))


@given(suspendues())
def test_repousser_compte_comme_jour_par_jour(cas: tuple[date, int, list[Suspension]]) -> None:
    depart, mois, suspensions = cas
    echeance = ajouter_mois(depart, mois)
    assert repousser(depart, echeance, suspensions) == oracle(depart, echeance, suspensions)


def test_les_suspensions_dites_une_a_une() -> None:
    def fin(*suspensions: Suspension) -> date | None:
        return repousser(date(2027, 1, 10), date(2027, 1, 20), suspensions)

    def le(jour: int) -> date:
        return date(2027, 1, jour)

    assert fin() == le(20)
    assert fin((le(12), le(15))) == le(23)
    assert fin((le(12), le(15)), (le(13), le(14))) == le(23)  # imbriquée
    assert fin((le(12), le(15)), (le(14), le(16))) == le(24)  # à cheval
    assert fin((le(14), le(16)), (le(12), le(15))) == le(24)  # dans un autre ordre
    assert fin((le(15), le(12))) == le(20)  # à l'envers : rien
    assert fin((le(12), le(12))) == le(20)
    assert fin((le(1), le(12))) == le(21)  # commencée avant le départ : le 11 seul
    assert fin((le(1), le(11))) == le(20)
    assert fin((le(20), le(22))) == le(22)  # le dernier jour compris
    assert fin((le(21), le(23))) == le(20)  # le lendemain, trop tard
    assert fin((le(21), None)) == le(20)
    assert fin((le(20), None)) is None
    assert fin((le(12), None), (le(12), le(15))) is None  # deux le même jour, dont une que rien ne lève
    assert fin((le(12), le(15)), (le(22), le(23))) == le(24)  # la première repousse, la seconde tombe dedans


def test_le_dernier_jour_compte_encore() -> None:
    horloge = Horloge(GenreHorloge.CADUCITE, DEPART, DERNIER)
    veille, lendemain = DERNIER - UN_JOUR, DERNIER + UN_JOUR
    assert [horloge.restent(jour) for jour in (veille, DERNIER, lendemain)] == [1, 0, -1]
    assert [horloge.etat(jour) for jour in (veille, DERNIER, lendemain)] == [
        EtatHorloge.EN_COURS,
        EtatHorloge.EN_COURS,
        EtatHorloge.ECHUE,
    ]


def test_une_horloge_arretee_est_tenue_ou_tardive_quel_que_soit_le_jour() -> None:
    arrets = {DERNIER - UN_JOUR: "tenue", DERNIER: "tenue", DERNIER + UN_JOUR: "tardive"}
    for arret, attendu in arrets.items():
        horloge = Horloge(GenreHorloge.JURY, DEPART, DERNIER, arret)
        for jour in (DEPART, DERNIER, DERNIER + 30 * UN_JOUR):
            assert (horloge.etat(jour), horloge.restent(jour)) == (attendu, None)


def test_une_horloge_suspendue_ne_finit_pas() -> None:
    suspendue = Horloge(GenreHorloge.CADUCITE, DEPART, None)
    assert (suspendue.etat(date(2040, 1, 1)), suspendue.restent(date(2040, 1, 1))) == (EtatHorloge.SUSPENDUE, None)
    arretee = Horloge(GenreHorloge.CADUCITE, DEPART, None, DERNIER)
    assert (arretee.etat(DERNIER), arretee.restent(DERNIER)) == (EtatHorloge.TENUE, None)


def test_les_valeurs_gardees() -> None:
    assert [g.value for g in GenreHorloge] == ["recevabilite", "caducite", "jury", "resultat"]
    assert [e.value for e in EtatHorloge] == ["en_cours", "suspendue", "echue", "tenue", "tardive"]
