"""Les durées : celles d'un chronomètre, quoi que fassent l'heure affichée et les rechargements de la page."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from fabrique import DEPART, fait
from hypothesis import given
from hypothesis import strategies as st

from moteur.durees import ECART_MAXIMAL_MS, duree_utile_ms, ecart_ms
from moteur.faits import Fait

SECONDE = 1000


def geste(rang: int, s: int, *, mural: int | None = None, appareil: str = "t1", nom: str = "lieu") -> Fait:
    """Un geste : son horloge monotone à `s` secondes ; l'heure affichée, aux mêmes secondes sauf si on la donne."""
    heure = DEPART + timedelta(seconds=s if mural is None else mural)
    return fait(f"{appareil}-{rang}", nom, "x", appareil, rang, mural=heure, monotone_ms=s * SECONDE)


@st.composite
def journees(tirage: st.DrawFn) -> tuple[list[Fait], list[int]]:
    """Une suite de gestes d'un appareil et leurs vrais instants (secondes).

    L'heure affichée saute à tout moment ; la page se recharge parfois, et son horloge repart alors de zéro : l'heure
    affichée ne saute pas entre ces deux gestes-là (nul ne peut mesurer un trou pendant lequel tout change).
    """
    instants, faits = [0], []
    decalage = depart_de_page = 0
    for rang in range(1, tirage(st.integers(2, 12)) + 1):
        if rang > 1:
            instants.append(instants[-1] + tirage(st.integers(0, 900)))
            if tirage(st.booleans()):
                depart_de_page = instants[-1]
            else:
                decalage += tirage(st.sampled_from([0, 0, -10_800, 10_800, 37]))
        faits.append(geste(rang, instants[-1] - depart_de_page, mural=instants[-1] + decalage))
    return faits, instants


def _vrai(faits: list[Fait], instants: list[int], de: int, a: int) -> int | None:
    """Ce que dirait un chronomètre ; rien quand l'horloge repartie de zéro ne se voit pas (elle a déjà dépassé)."""
    for avant, apres in zip(range(de, a), range(de + 1, a + 1), strict=True):
        recharge = faits[apres].monotone_ms - faits[avant].monotone_ms != (instants[apres] - instants[avant]) * SECONDE
        if recharge and faits[apres].monotone_ms >= faits[avant].monotone_ms:
            return None
    return (instants[a] - instants[de]) * SECONDE


@given(journees(), st.data())
def test_l_ecart_est_celui_d_un_chronometre(journee: tuple[list[Fait], list[int]], tirage: st.DataObject) -> None:
    faits, instants = journee
    de = tirage.draw(st.integers(0, len(faits) - 1))
    a = tirage.draw(st.integers(de, len(faits) - 1))
    attendu = _vrai(faits, instants, de, a)
    if attendu is not None:
        assert ecart_ms(faits[de], faits[a], faits) == attendu
        assert ecart_ms(faits[a], faits[de], faits) == -attendu


@given(journees(), st.randoms(use_true_random=False))
def test_l_ecart_ne_depend_ni_de_l_ordre_ni_des_autres_appareils(
    journee: tuple[list[Fait], list[int]], hasard: random.Random
) -> None:
    faits, _ = journee
    autres = [geste(rang, 10**6, appareil="t2") for rang in range(1, 15)]
    meles = [*faits, *autres]
    hasard.shuffle(meles)
    assert ecart_ms(faits[0], faits[-1], meles) == ecart_ms(faits[0], faits[-1], faits)


def test_une_heure_qui_saute_ne_change_rien() -> None:
    assert ecart_ms(geste(1, 60), geste(2, 1260, mural=1260 + 10_800)) == 1200 * SECONDE


def test_un_rechargement_se_franchit_a_l_heure_affichee_et_lui_seul() -> None:
    avant, fin = geste(1, 500), geste(4, 700, mural=11_900)
    jalons = [geste(2, 900), geste(3, 100, mural=1300)]  # rechargée entre 2 et 3, puis l'heure saute de 10 000 s
    assert ecart_ms(avant, fin, jalons) == (400 + 400 + 600) * SECONDE


def test_un_rechargement_sans_que_l_heure_bouge_ne_dure_rien() -> None:
    assert ecart_ms(geste(1, 500), geste(2, 100, mural=500)) == 0


def test_un_pas_a_l_heure_affichee_se_compte_en_millisecondes_entieres() -> None:
    apres = geste(2, 100, mural=501)
    apres = replace(apres, mural=apres.mural + timedelta(microseconds=1_700))
    lu = ecart_ms(geste(1, 500), apres)
    assert (lu, type(lu)) == (1001, int)


def test_deux_horloges_qui_se_contredisent_ne_donnent_aucune_duree() -> None:
    assert ecart_ms(geste(1, 500), geste(2, 100, mural=400)) is None
    assert ecart_ms(geste(2, 100, mural=400), geste(1, 500)) is None


def test_entre_deux_appareils_il_reste_l_heure_affichee() -> None:
    assert ecart_ms(geste(1, 5), geste(1, 9_000, mural=65, appareil="t2")) == 60 * SECONDE
    assert ecart_ms(geste(1, 65), geste(1, 9_000, mural=5, appareil="t2")) == -60 * SECONDE


@pytest.mark.parametrize("sens", [1, -1])
@pytest.mark.parametrize("appareil", ["t1", "t2"])
@pytest.mark.parametrize(("de_trop", "attendu"), [(0, ECART_MAXIMAL_MS), (1, None)])
def test_au_dela_d_un_an_une_horloge_se_trompe(sens: int, appareil: str, de_trop: int, attendu: int | None) -> None:
    un_an = timedelta(days=366)
    assert un_an == timedelta(milliseconds=ECART_MAXIMAL_MS)
    ms = un_an // timedelta(milliseconds=1) + de_trop
    debut = geste(1, 0)
    fin = replace(
        geste(2, 0, appareil=appareil), mural=debut.mural + un_an + timedelta(milliseconds=de_trop), monotone_ms=ms
    )
    bornes = (debut, fin) if sens == 1 else (fin, debut)
    assert ecart_ms(*bornes) == (None if attendu is None else sens * attendu)


def test_une_horloge_qui_oscille_ne_donne_aucune_duree() -> None:
    loin = 2**53 - 1
    jalons = [replace(geste(rang, 0), monotone_ms=loin * (rang % 2)) for rang in range(1, 41)]
    debut, fin = geste(0, 0), replace(geste(41, 0), monotone_ms=loin)
    assert ecart_ms(debut, fin, jalons) is None
    assert duree_utile_ms(debut, fin, [(debut, fin)], jalons) is None
    assert duree_utile_ms(geste(0, 0), geste(2, 60), [(geste(1, 0), fin)], jalons) is None


# Les pauses ---------------------------------------------------------------------------------------------------------

pauses_possibles = st.lists(st.tuples(st.integers(-50, 150), st.none() | st.integers(0, 120)), max_size=5)


@given(st.integers(0, 100), pauses_possibles)
def test_une_pause_ote_chaque_seconde_qu_elle_couvre_et_une_seule_fois(
    fin: int, voulues: list[tuple[int, int | None]]
) -> None:
    debut = geste(1, 0, appareil="t0")
    pauses = [
        (
            geste(1, de, appareil=f"p{n}"),
            None if duree is None else geste(1, de + duree, appareil=f"r{n}"),
        )
        for n, (de, duree) in enumerate(voulues)
    ]
    couvertes = {
        seconde
        for seconde in range(fin)
        for de, duree in voulues
        if de <= seconde and (duree is None or seconde < de + duree)
    }
    assert duree_utile_ms(debut, geste(1, fin, appareil="t9"), pauses) == (fin - len(couvertes)) * SECONDE


def test_une_fin_avant_le_debut_n_a_pas_de_duree() -> None:
    assert duree_utile_ms(geste(2, 60), geste(1, 0), []) is None
    assert duree_utile_ms(geste(1, 0), geste(2, 0), []) == 0


def test_une_reprise_avant_sa_pause_n_a_pas_de_sens() -> None:
    debut, fin = geste(1, 0), geste(4, 600)
    assert duree_utile_ms(debut, fin, [(geste(3, 300), geste(2, 200))]) is None
    assert duree_utile_ms(debut, fin, [(geste(2, 300), geste(3, 300))]) == 600 * SECONDE


def test_une_pause_dont_l_heure_se_contredit_ne_donne_aucune_duree() -> None:
    debut, fin = geste(1, 500, mural=0), geste(4, 900, mural=400)
    perdue = geste(2, 100, mural=-100)
    assert duree_utile_ms(debut, fin, [(perdue, geste(3, 800, mural=300))]) is None
    assert duree_utile_ms(debut, fin, [(geste(2, 600), perdue)]) is None


def test_une_pause_se_place_par_les_jalons_comme_le_reste() -> None:
    jalons = [geste(2, 900), geste(3, 100, mural=1300)]  # rechargée entre 2 et 3, puis l'heure saute
    debut, fin = geste(1, 500), geste(6, 900, mural=12_100)
    pause, reprise = geste(4, 700, mural=11_900), geste(5, 800, mural=12_000)
    assert duree_utile_ms(debut, fin, [(pause, reprise)], jalons) == (1600 - 100) * SECONDE


def test_une_pause_d_une_milliseconde_compte() -> None:
    debut, fin, pause = geste(1, 0), geste(4, 10), geste(2, 5)
    reprise = replace(geste(3, 5), monotone_ms=5 * SECONDE + 1)
    assert duree_utile_ms(debut, fin, [(pause, reprise)]) == 10 * SECONDE - 1


def test_un_debut_et_une_fin_que_les_jalons_contredisent_n_ont_pas_de_duree() -> None:
    assert duree_utile_ms(geste(1, 500), geste(3, 900), [], [geste(2, 100, mural=100)]) is None
