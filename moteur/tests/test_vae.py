"""Les quatre délais d'une VAE : chaque jour de quatre années, les fins de mois, et les étapes qui les font partir et s'arrêter."""

from __future__ import annotations

from datetime import date, timedelta
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moteur.delais import ajouter_mois
from moteur.horloges import EtatHorloge, GenreHorloge, Horloge
from moteur.regles import caducite_vae, jury_vae, recevabilite_vae, resultat_vae
from moteur.vae import Delais, Etape, GenreEtape, horloges, suspensions

JOURS = [date(2027, 1, 1) + timedelta(days=rang) for rang in range(4 * 365 + 1)]  # 2028 est bissextile
DELAIS = Delais()
G = GenreEtape


def le(mois: int, jour: int, annee: int = 2027) -> date:
    return date(annee, mois, jour)


def etapes(*dites: tuple[GenreEtape, date]) -> list[Etape]:
    return [Etape(genre, jour) for genre, jour in dites]


def test_les_delais_de_la_loi() -> None:
    assert Delais() == Delais(recevabilite_mois=2, caducite_mois=6, jury_mois=3, resultat_jours=15)


def test_chaque_jour_de_quatre_annees() -> None:
    for jour in JOURS:
        assert recevabilite_vae.horloge(jour, 2) == Horloge(GenreHorloge.RECEVABILITE, jour, ajouter_mois(jour, 2))
        assert caducite_vae.horloge(jour, 6) == Horloge(GenreHorloge.CADUCITE, jour, ajouter_mois(jour, 6))
        assert jury_vae.horloge(jour, 3) == Horloge(GenreHorloge.JURY, jour, ajouter_mois(jour, 3))
        assert resultat_vae.horloge(jour, 15) == Horloge(GenreHorloge.RESULTAT, jour, jour + timedelta(days=15))


def test_les_fins_de_mois_et_le_29_fevrier() -> None:
    assert recevabilite_vae.horloge(le(12, 31), 2).echeance == le(2, 29, 2028)
    assert recevabilite_vae.horloge(le(12, 31, 2026), 2).echeance == le(2, 28)
    assert caducite_vae.horloge(le(8, 31), 6).echeance == le(2, 29, 2028)
    assert caducite_vae.horloge(le(2, 29, 2028), 6).echeance == le(8, 29, 2028)
    assert jury_vae.horloge(le(11, 30), 3).echeance == le(2, 29, 2028)
    assert resultat_vae.horloge(le(2, 20, 2028), 15).echeance == le(3, 6, 2028)
    assert resultat_vae.horloge(le(2, 20), 15).echeance == le(3, 7)


def test_le_silence_vaut_oui_le_lendemain_du_dernier_jour() -> None:
    demande, dernier = le(12, 31), le(2, 29, 2028)
    vus = [recevabilite_vae.acquise_par_silence(demande, 2, dernier + timedelta(days=rang)) for rang in (-60, 0, 1, 9)]
    assert vus == [None, None, le(3, 1, 2028), le(3, 1, 2028)]


def test_sans_etape_rien_ne_court() -> None:
    assert horloges([], DELAIS) == ()
    assert horloges(etapes((G.SUSPENSION, le(1, 2)), (G.AVANCEE, le(1, 3)), (G.RESULTAT, le(1, 4))), DELAIS) == ()


def test_un_parcours_entier() -> None:
    faites = etapes(
        (G.DEMANDE, le(1, 31)),
        (G.RECEVABLE, le(3, 15)),
        (G.AVANCEE, le(5, 2)),
        (G.VALIDATION, le(8, 31)),
        (G.JURY, le(12, 1)),
        (G.RESULTAT, le(12, 16)),
    )
    assert horloges(faites, DELAIS) == (
        Horloge(GenreHorloge.RECEVABILITE, le(1, 31), le(3, 31), le(3, 15)),
        Horloge(GenreHorloge.CADUCITE, le(3, 15), le(9, 15), le(5, 2)),
        Horloge(GenreHorloge.JURY, le(8, 31), le(11, 30), le(12, 1)),
        Horloge(GenreHorloge.RESULTAT, le(12, 1), le(12, 16), le(12, 16)),
    )
    assert [h.etat(le(12, 31)) for h in horloges(faites, DELAIS)] == [
        EtatHorloge.TENUE,
        EtatHorloge.TENUE,
        EtatHorloge.TARDIVE,
        EtatHorloge.TENUE,
    ]


def test_les_delais_du_reglement_valent() -> None:
    faites = etapes((G.DEMANDE, le(1, 1)), (G.RECEVABLE, le(1, 2)), (G.VALIDATION, le(1, 3)), (G.JURY, le(1, 4)))
    assert [h.echeance for h in horloges(faites, Delais(1, 2, 4, 8))] == [le(2, 1), le(3, 2), le(5, 3), le(1, 12)]


def courantes(*dites: tuple[GenreEtape, date]) -> list[tuple[str, date | None]]:
    return [(h.genre.value, h.echeance) for h in horloges(etapes(*dites), DELAIS) if h.arret is None]


def test_ce_qui_fait_partir_et_ce_qui_arrete() -> None:
    demande = (G.DEMANDE, le(1, 10))
    assert courantes(demande) == [("recevabilite", le(3, 10))]
    assert courantes(demande, (G.IRRECEVABLE, le(2, 1))) == []
    assert courantes(demande, (G.RECEVABLE, le(2, 1))) == [("caducite", le(8, 1))]
    assert courantes(demande, (G.SILENCE, le(3, 11))) == [("caducite", le(9, 11))]
    assert courantes((G.RECEVABLE, le(2, 1)), (G.AVANCEE, le(3, 1))) == []
    assert courantes((G.RECEVABLE, le(2, 1)), (G.VALIDATION, le(3, 1))) == [("jury", le(6, 1))]
    assert courantes((G.VALIDATION, le(3, 1)), (G.JURY, le(4, 1))) == [("resultat", le(4, 16))]


def test_une_reponse_a_temps_inscrite_apres_le_silence_le_dement() -> None:
    demande, silence = (G.DEMANDE, le(1, 10)), (G.SILENCE, le(3, 11))
    assert horloges(etapes(demande, silence, (G.IRRECEVABLE, le(3, 9))), DELAIS) == (
        Horloge(GenreHorloge.RECEVABILITE, le(1, 10), le(3, 10), le(3, 9)),
    )
    assert horloges(etapes(demande, silence, (G.RECEVABLE, le(3, 9))), DELAIS) == (
        Horloge(GenreHorloge.RECEVABILITE, le(1, 10), le(3, 10), le(3, 9)),
        Horloge(GenreHorloge.CADUCITE, le(3, 9), le(9, 9)),
    )


def test_une_etape_redite_ne_compte_que_la_premiere_fois() -> None:
    assert courantes((G.DEMANDE, le(1, 10)), (G.DEMANDE, le(2, 10))) == [("recevabilite", le(3, 10))]


def test_la_suspension_repousse_la_caducite_et_elle_seule() -> None:
    recevable, arret = (G.RECEVABLE, le(1, 10)), (G.SUSPENSION, le(3, 1))
    assert courantes(recevable, arret) == [("caducite", None)]
    assert courantes(recevable, arret, (G.REPRISE, le(3, 11))) == [("caducite", le(7, 20))]
    assert courantes((G.DEMANDE, le(1, 10)), (G.SUSPENSION, le(2, 1))) == [("recevabilite", le(3, 10))]


def test_les_suspensions_vont_chacune_a_sa_reprise() -> None:
    assert suspensions(etapes((G.REPRISE, le(1, 1)), (G.SUSPENSION, le(1, 2)), (G.SUSPENSION, le(1, 3)))) == (
        (le(1, 2), None),
    )
    assert suspensions(
        etapes(
            (G.SUSPENSION, le(1, 2)),
            (G.REPRISE, le(1, 4)),
            (G.REPRISE, le(1, 5)),
            (G.SUSPENSION, le(1, 6)),
            (G.AVANCEE, le(1, 7)),
        )
    ) == ((le(1, 2), le(1, 4)), (le(1, 6), None))
    assert suspensions(etapes((G.AVANCEE, le(1, 7)))) == ()


@given(st.dates(le(1, 1), le(12, 31, 2040)), st.integers(1, 24))
def test_un_delai_finit_dans_le_mois_voulu_et_son_lendemain_est_trop_tard(depart: date, mois: int) -> None:
    for horloge in (
        recevabilite_vae.horloge(depart, mois),
        caducite_vae.horloge(depart, mois),
        jury_vae.horloge(depart, mois),
    ):
        fin = horloge.echeance
        assert fin is not None
        assert (fin.year * 12 + fin.month) - (depart.year * 12 + depart.month) == mois
        assert fin.day == depart.day or (fin.day < depart.day and (fin + timedelta(days=1)).day == 1)
        assert horloge.etat(fin) is EtatHorloge.EN_COURS
        assert horloge.etat(fin + timedelta(days=1)) is EtatHorloge.ECHUE


@pytest.mark.parametrize(
    ("regle", "code", "article"),
    [
        (recevabilite_vae, "RECEVABILITE-VAE", "R6412-4"),
        (caducite_vae, "CADUCITE-VAE", "R6412-4"),
        (jury_vae, "JURY-VAE", "R6412-5"),
        (resultat_vae, "RESULTAT-VAE", "R6412-7"),
    ],
    ids=["recevabilite", "caducite", "jury", "resultat"],
)
def test_chaque_delai_a_un_code_et_son_article(regle: ModuleType, code: str, article: str) -> None:
    assert code == regle.CODE
    assert regle.JUSQU_A is None
    assert article in regle.SOURCE
    assert regle.DEPUIS == "1er janvier 2024 (décret n° 2023-1275)"


def test_les_valeurs_gardees() -> None:
    assert [genre.value for genre in GenreEtape] == [
        "demande",
        "recevable",
        "silence",
        "irrecevable",
        "suspension",
        "reprise",
        "avancee",
        "validation",
        "jury",
        "resultat",
    ]
