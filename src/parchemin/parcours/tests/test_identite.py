"""Les règles de l'état civil : chaque constat, les noms d'ici et d'ailleurs, toutes les dates, les codes à leur date."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from parchemin.parcours.identite import (
    ANNEE_MAX,
    ANNEE_MIN,
    EtatCivil,
    LieuDeNaissance,
    Lieux,
    Naissance,
    Periode,
    controler,
    nettoye,
    refus,
)

JOUR = date(2026, 10, 2)
ORNE = LieuDeNaissance("61001", "Alençon")
BON = EtatCivil("Martin", ("Camille",), "F", Naissance(1991, 5, 3), ORNE)
LISTES = Lieux(
    communes_chargees=True,
    pays_charges=True,
    periodes={
        "61001": (Periode("Alençon", date(1943, 1, 1)),),
        "2A004": (Periode("Ajaccio", date(1976, 1, 1)),),
        "20004": (Periode("Ajaccio", date(1943, 1, 1), date(1976, 1, 1)),),
        "61483": (Periode("Vieux-Bourg", date(1943, 1, 1), date(2000, 1, 1)), Periode("Le Bourg", date(2000, 1, 1))),
        "99109": (Periode("Allemagne", date(1990, 10, 3)),),
        "99110": (Periode("Bulgarie"),),
    },
)


def codes(etat: EtatCivil, lieux: Lieux = LISTES) -> list[tuple[str, bool]]:
    return [(constat.code, constat.refuse) for constat in controler(nettoye(etat), JOUR, lieux)]


def test_un_etat_civil_entier_et_connu_n_appelle_aucun_constat():
    assert codes(BON) == []


# Les noms ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "nom",
    [
        "d'Arc", "de La Tour d'Auvergne", "Le Goff", "Lefèvre--Durand", "L'Haÿ", "Nuñez", "Müller", "Œuvrard", "Ndiaye",
        "O'Brien", "Šimić", "Nguyễn", "'t Hooft", "Ait-Ahmed", "MARTIN", "Y", "ben Haddou",
    ],
)  # fmt: skip
def test_les_noms_d_ici_et_d_ailleurs_sont_admis(nom):
    assert codes(replace(BON, nom_naissance=nom)) == []
    assert codes(replace(BON, nom_usage=nom)) == []


@pytest.mark.parametrize("prenom", ["Jean-Paul", "Marie Claire", "Zoé", "N'Golo", "Anne-Élodie", "Đức"])
def test_les_prenoms_composes_tiennent_en_un(prenom):
    assert codes(replace(BON, prenoms=(prenom,))) == []


@pytest.mark.parametrize(
    ("change", "attendus"),
    [
        ({"nom_naissance": ""}, [("nom_manquant", True)]),
        ({"nom_naissance": "x" * 61}, [("trop_long", True)]),
        ({"nom_naissance": "Mar7in"}, [("signe_interdit", True)]),
        ({"nom_naissance": "Martin (Dubois)"}, [("signe_interdit", True)]),
        ({"nom_naissance": "Martin, Dubois"}, [("signe_interdit", True)]),
        ({"nom_naissance": "Мартин"}, [("signe_interdit", True)]),
        ({"nom_naissance": "- '"}, [("sans_lettre", True)]),
        ({"nom_naissance": "-Martin"}, [("bord", True)]),
        ({"nom_naissance": "Martin-"}, [("bord", True)]),
        ({"nom_naissance": "Martin - Dubois"}, [("liaison", False)]),
        ({"nom_naissance": "Mme Martin"}, [("civilite", False)]),
        ({"nom_usage": "Dur@nd"}, [("signe_interdit", True)]),
        ({"prenoms": ()}, [("prenom_manquant", True)]),
        ({"prenoms": ("", " ")}, [("prenom_manquant", True)]),
        ({"prenoms": ("A", "B", "C", "D")}, [("prenoms_trop_nombreux", True)] + [("prenom_initiale", False)] * 4),
        ({"prenoms": ("C.",)}, [("signe_interdit", True)]),
        ({"prenoms": ("Martin",)}, [("nom_et_prenom_egaux", False)]),
        ({"prenoms": ("CAMILLE",)}, [("nom_et_prenom_inverses", False)]),
        ({"prenoms": (), "nom_unique": True}, [("nom_unique", False)]),
        ({"nom_unique": True}, [("prenom_en_trop", True)]),
        ({"sexe": ""}, [("sexe_manquant", True)]),
        ({"sexe": "X"}, [("sexe_manquant", True)]),
        ({"sexe": "f"}, []),
        ({"naissance": Naissance(None)}, [("annee_manquante", True)]),
        ({"naissance": Naissance(1899, 1, 1)}, [("annee_impossible", True)]),
        ({"naissance": Naissance(1991, 13, 1)}, [("mois_impossible", True)]),
        ({"naissance": Naissance(1991, None, 3)}, [("jour_sans_mois", True)]),
        ({"naissance": Naissance(1991, 2, 29)}, [("jour_impossible", True)]),
        ({"naissance": Naissance(2026, 10, 3)}, [("naissance_a_venir", True)]),
        ({"naissance": Naissance(1991)}, [("mois_inconnu", False)]),
        ({"naissance": Naissance(1991, 5)}, [("jour_inconnu", False)]),
        ({"naissance": Naissance(2010, 10, 3)}, [("age_surprenant", False)]),
        ({"naissance": Naissance(2010, 10, 2)}, []),
        ({"naissance": Naissance(1950, 1, 1)}, [("age_surprenant", False)]),
        ({"naissance": Naissance(1950, 10, 3)}, []),
    ],
)  # fmt: skip
def test_chaque_ecart_a_son_constat(change, attendus):
    assert codes(replace(BON, **change)) == attendus


def test_le_texte_garde_est_net():
    sale = replace(BON, nom_naissance="  d’Arc ", nom_usage=" D'ARC", prenoms=(" Jean‑Paul ", ""), sexe=" m")
    assert nettoye(sale) == replace(BON, nom_naissance="d'Arc", prenoms=("Jean-Paul",), sexe="M")
    assert (
        nettoye(replace(BON, nom_naissance="Muller\N{COMBINING DIAERESIS}")).nom_naissance
        == "Muller\N{COMBINING DIAERESIS}"
    )
    assert nettoye(replace(BON, nom_naissance="Mu\N{COMBINING DIAERESIS}ller")).nom_naissance == "Müller"


# Les dates : toutes ---------------------------------------------------------------------------------------------------


def test_tous_les_jours_de_deux_siecles_sont_des_dates_ou_des_refus():
    """Chaque (année, mois, jour) d'un échantillon d'années, bissextiles et séculaires comprises : refusé s'il n'existe pas."""
    for annee in (1899, ANNEE_MIN, 1904, 1991, 2000, 2001, 2024, ANNEE_MAX, 2100):
        for mois, jour in product(range(14), range(33)):
            existe = ANNEE_MIN <= annee <= ANNEE_MAX and 1 <= mois <= 12 and 1 <= jour <= monthrange(annee, mois)[1]
            venu = existe and date(annee, mois, jour) <= JOUR
            constats = controler(replace(BON, naissance=Naissance(annee, mois, jour), lieu=LieuDeNaissance()), JOUR)
            assert bool(refus(constats)) != venu, (annee, mois, jour)


@given(st.dates(date(1900, 1, 1), JOUR))
def test_savoir_moins_ne_contredit_jamais_une_date_vraie(ne):
    """Les bornes de ce qu'on sait contiennent le jour vrai, et se resserrent à mesure qu'on sait."""
    connues = [Naissance(ne.year), Naissance(ne.year, ne.month), Naissance(ne.year, ne.month, ne.day)]
    bornes = [connue.bornes() for connue in connues]
    assert bornes[2] == (ne, ne)
    assert all(debut <= ne <= fin for debut, fin in bornes)
    assert bornes[0][0] <= bornes[1][0]
    assert bornes[1][1] <= bornes[0][1]
    assert not any(refus(controler(replace(BON, naissance=une, lieu=LieuDeNaissance()), JOUR)) for une in connues)


# Les lieux à leur date ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lieu", "attendus"),
    [
        (LieuDeNaissance(), [("commune_manquante", False)]),
        (LieuDeNaissance("6100"), [("commune_mal_ecrite", True)]),
        (LieuDeNaissance("2C004"), [("commune_mal_ecrite", True)]),
        (LieuDeNaissance("61000"), [("commune_inconnue", True)]),
        (LieuDeNaissance("99109"), [("commune_est_un_pays", True)]),
        (LieuDeNaissance("98735"), [("commune_hors_liste", False)]),
        (LieuDeNaissance("92352"), [("commune_inconnue", True)]),
        (LieuDeNaissance("75113"), []),
        (LieuDeNaissance("69389"), []),
        (LieuDeNaissance("75121"), [("commune_inconnue", True)]),
        (LieuDeNaissance("2a004", "ajaccio"), []),
        (LieuDeNaissance("20004", "Ajaccio"), [("commune_pas_alors", True)]),
        (LieuDeNaissance("61001", "Argentan"), [("commune_autre_nom", False)]),
        (LieuDeNaissance("61001", "x" * 61), [("trop_long", True), ("commune_autre_nom", False)]),
        (LieuDeNaissance("61483", "vieux bourg"), []),
        (LieuDeNaissance("61483", "Le Bourg"), [("commune_autre_nom", False)]),
        (LieuDeNaissance("", "Berlin", "99109", "Allemagne"), []),
        (LieuDeNaissance("61001", "Berlin", "99109"), [("commune_a_l_etranger", True)]),
        (LieuDeNaissance("", "Berlin", "DE"), [("pays_mal_ecrit", True)]),
        (LieuDeNaissance("", "Berlin", "99999"), [("pays_inconnu", True)]),
        (LieuDeNaissance("", "Sofia", "99110", "x" * 61), [("trop_long", True)]),
    ],
)
def test_un_lieu_se_verifie_au_jour_de_la_naissance(lieu, attendus):
    assert codes(replace(BON, lieu=lieu)) == attendus


def test_ce_qui_n_existait_pas_encore_se_voit_a_la_date():
    avant = replace(BON, naissance=Naissance(1975, 12, 31))
    assert codes(replace(avant, lieu=LieuDeNaissance("20004", "Ajaccio"))) == []
    assert codes(replace(avant, lieu=LieuDeNaissance("2A004"))) == [("commune_pas_alors", True)]
    assert codes(replace(avant, lieu=LieuDeNaissance("", "Bonn", "99109"))) == [("pays_pas_alors", False)]
    algerie = replace(BON, naissance=Naissance(1962, 7, 2), lieu=LieuDeNaissance("92352", "Oran"))
    assert codes(algerie) == [("commune_hors_liste", False)]
    assert codes(replace(algerie, naissance=Naissance(1962, 7, 3))) == [("commune_inconnue", True)]
    messages = [c.message for c in controler(replace(avant, lieu=LieuDeNaissance("2A004")), JOUR, LISTES)]
    assert messages == [
        "2A004 n'était le code d'aucune commune à la naissance : Ajaccio à partir du 1er\N{NO-BREAK SPACE}janvier 1976."
    ]


def test_sans_liste_chargee_un_code_bien_forme_n_est_qu_un_avertissement():
    assert codes(BON, Lieux()) == [("communes_non_chargees", False)]
    assert codes(replace(BON, lieu=LieuDeNaissance("", "Berlin", "99109")), Lieux()) == [("pays_non_charges", False)]
    assert codes(replace(BON, lieu=LieuDeNaissance("75056")), Lieux()) == [
        ("arrondissement", False), ("communes_non_chargees", False),
    ]  # fmt: skip


@given(
    st.dates(date(1943, 1, 1), date(2026, 1, 1)),
    st.integers(0, 20_000),
    st.dates(date(1943, 1, 1), date(2026, 1, 1)),
    st.sampled_from(["jour", "mois", "annee"]),
)
@example(date(2000, 1, 2), 0, date(2000, 1, 1), "mois")  # un nom d'aucun jour ne vaut aucun jour
def test_un_code_est_refuse_seulement_si_aucun_jour_possible_ne_le_porte(du, duree, ne, precision):
    """Contre un oracle naïf : on essaie chaque jour possible de la naissance."""
    periode = Periode("Ici", du, du + timedelta(days=duree))
    naissance = {
        "jour": Naissance(ne.year, ne.month, ne.day),
        "mois": Naissance(ne.year, ne.month),
        "annee": Naissance(ne.year),
    }[precision]
    debut, fin = naissance.bornes()
    porte = any(periode.du <= debut + timedelta(days=ecart) < periode.au for ecart in range((fin - debut).days + 1))
    lieux = Lieux(True, True, {"61001": (periode,)})
    vus = codes(replace(BON, naissance=naissance, lieu=LieuDeNaissance("61001")), lieux)
    assert (("commune_pas_alors", True) in vus) != porte


@given(st.text(max_size=70), st.lists(st.text(max_size=70), max_size=4), st.text(max_size=8), st.booleans())
@example("Martin", ["Camille"], "\u1fd2", False)  # « ῒ » : en capitale, trois signes que la composition rapproche
@example("Martin", ["Camille"], "a \u0301", False)  # un accent seul, que l'espace ôtée pose sur la lettre
def test_aucun_texte_ne_fait_tomber_les_regles_et_nettoyer_deux_fois_ne_change_rien(nom, prenoms, code, unique):
    etat = EtatCivil(
        nom, tuple(prenoms), "F", Naissance(1991, 5, 3), LieuDeNaissance(code, nom, code, nom), nom, unique
    )
    une_fois = nettoye(etat)
    assert nettoye(une_fois) == une_fois
    constats = controler(une_fois, JOUR, LISTES)
    assert [c.refuse for c in constats] == sorted((c.refuse for c in constats), reverse=True)
    assert all(c.message.endswith((".", "?")) for c in constats)
