"""Les équivalences : toutes les tables de deux versions jour par jour, des chaînes contre une force brute, les cycles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise, permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moteur.regles.equivalence_de_bloc import Equivalence, Place, Tenu, defauts, ouvertes, sources

JOUR = date(2026, 2, 28)
ANCIENNE, COS, NOUVELLE, GC = "cqp-cos@2016", "cqp-cos@2021", "cqp-cos@2026", "RNCP35729"


def vaut(de: str, vers: str, du: date | None = None, au: date | None = None, *, active: bool = True) -> Equivalence:
    """« RNCP35729 B1 » → « cqp-cos@2021 B1 »."""
    return Equivalence(Place(*de.split()), Place(*vers.split()), du, au, active)


DE_GC = vaut(f"{GC} B1", f"{COS} B1")


def codes(trouvees: Iterable[str]) -> list[str]:
    return sorted(trouvees)


def test_les_deux_bornes_comptent() -> None:
    """Chaque place de deux bornes autour du jour, éteinte ou non : la règle, contre l'inégalité écrite autrement."""
    veille, lendemain = JOUR - timedelta(days=1), JOUR + timedelta(days=1)
    for du, au, active in product((None, veille, JOUR, lendemain), (None, veille, JOUR, lendemain), (True, False)):
        une = replace(DE_GC, du=du, au=au, active=active)
        attendu = active and du != lendemain and au != veille
        assert une.vaut(JOUR) is attendu
        assert bool(ouvertes([une], [Tenu(GC, "B1")], COS, JOUR)) is attendu


def test_un_bloc_tenu_ouvre_le_bloc_qu_il_vaut_et_dit_ce_qui_le_prouve() -> None:
    tenu = Tenu(GC, "B1")
    assert ouvertes([DE_GC, vaut(f"{GC} B2", f"{COS} B2")], [tenu], COS, JOUR) == {"B1": (tenu, (DE_GC,))}


def test_la_certification_entiere_prouve_chacun_de_ses_blocs() -> None:
    table = [DE_GC, vaut(f"{GC} B2", f"{COS} B3")]
    assert codes(ouvertes(table, [Tenu(GC)], COS, JOUR)) == ["B1", "B3"]


@pytest.mark.parametrize(
    "tenu", [Tenu(GC, "B2"), Tenu("RNCP1", "B1"), Tenu(NOUVELLE, "B1"), Tenu(COS, "B1"), Tenu(COS)]
)
def test_un_autre_bloc_une_version_inconnue_ou_la_version_elle_meme_n_ouvrent_rien(tenu: Tenu) -> None:
    assert ouvertes([DE_GC], [tenu], COS, JOUR) == {}


def test_rien_de_tenu_ou_une_table_vide_n_ouvrent_rien() -> None:
    assert (ouvertes([DE_GC], [], COS, JOUR), ouvertes([], [Tenu(GC)], COS, JOUR)) == ({}, {})
    assert ouvertes([DE_GC], [Tenu(GC)], NOUVELLE, JOUR) == {}


def test_une_chaine_se_suit_si_chaque_maillon_vaut_ce_jour_la() -> None:
    un, deux = vaut(f"{ANCIENNE} B3", f"{COS} B1"), vaut(f"{COS} B1", f"{NOUVELLE} B2")
    tenu = Tenu(ANCIENNE, "B3")
    assert ouvertes([un, deux], [tenu], NOUVELLE, JOUR) == {"B2": (tenu, (un, deux))}
    for eteinte in (0, 1):
        table = [replace(une, active=rang != eteinte) for rang, une in enumerate((un, deux))]
        assert ouvertes(table, [tenu], NOUVELLE, JOUR) == {}


def test_la_chaine_la_plus_courte_l_emporte_quel_que_soit_l_ordre() -> None:
    longue = [vaut(f"{ANCIENNE} B1", f"{GC} B1"), vaut(f"{GC} B1", f"{COS} B1"), vaut(f"{COS} B1", f"{NOUVELLE} B1")]
    courte = vaut(f"{ANCIENNE} B1", f"{NOUVELLE} B1")
    tenu = Tenu(ANCIENNE, "B1")
    for table in permutations((*longue, courte)):
        assert ouvertes(table, [tenu], NOUVELLE, JOUR) == {"B1": (tenu, (courte,))}
    proche = Tenu(COS, "B1")
    for tenus in ([tenu, proche], [proche, tenu]):
        assert ouvertes(longue, tenus, NOUVELLE, JOUR) == {"B1": (proche, (longue[2],))}


def test_a_longueur_egale_ce_qui_est_dit_d_abord_l_emporte() -> None:
    une, autre = vaut(f"{GC} B1", f"{COS} B1"), vaut(f"{GC} B2", f"{COS} B1")
    assert ouvertes([une, autre], [Tenu(GC)], COS, JOUR) == {"B1": (Tenu(GC), (une,))}
    assert ouvertes([autre, une], [Tenu(GC)], COS, JOUR) == {"B1": (Tenu(GC), (autre,))}
    deux = [Tenu(GC, "B2"), Tenu(GC, "B1")]
    assert ouvertes([une, autre], deux, COS, JOUR) == {"B1": (deux[0], (autre,))}


def test_dans_les_deux_sens_un_bloc_n_en_vaut_pas_un_autre_de_sa_version() -> None:
    """COS B1 → GC B1 → COS B2 : la chaîne reviendrait d'où elle part. Elle est refusée, à toute distance."""
    aller, retour = vaut(f"{COS} B1", f"{GC} B1"), vaut(f"{GC} B1", f"{COS} B2")
    assert ouvertes([aller, retour], [Tenu(COS, "B1")], COS, JOUR) == {}
    assert codes(ouvertes([aller, retour], [Tenu(GC, "B1")], COS, JOUR)) == ["B2"]
    assert codes(ouvertes([aller, retour], [Tenu(COS, "B1")], GC, JOUR)) == ["B1"]
    detour = [aller, vaut(f"{GC} B1", f"{NOUVELLE} B1"), vaut(f"{NOUVELLE} B1", f"{COS} B3")]
    assert ouvertes(detour, [Tenu(COS, "B1")], COS, JOUR) == {}


def test_une_chaine_ne_repasse_pas_par_une_version_quittee_en_chemin() -> None:
    """ancienne → COS B1 → GC B1 → COS B2 → nouvelle : elle quitte COS puis y revient."""
    table = [
        vaut(f"{ANCIENNE} B1", f"{COS} B1"),
        vaut(f"{COS} B1", f"{GC} B1"),
        vaut(f"{GC} B1", f"{COS} B2"),
        vaut(f"{COS} B2", f"{NOUVELLE} B2"),
    ]
    assert ouvertes(table, [Tenu(ANCIENNE, "B1")], NOUVELLE, JOUR) == {}
    assert codes(ouvertes(table, [Tenu(GC, "B1")], NOUVELLE, JOUR)) == ["B2"]


def test_une_chaine_refusee_ou_arrivee_n_arrete_pas_les_autres() -> None:
    """D'une même longueur : l'une revient d'où elle part, les autres vont au bout, chacune par son chemin."""
    revient = [vaut(f"{ANCIENNE} B1", f"{GC} B1"), vaut(f"{GC} B1", f"{ANCIENNE} B2")]
    par_gc = [vaut(f"{ANCIENNE} B1", f"{GC} B2"), vaut(f"{GC} B2", f"{COS} B1")]
    par_la_nouvelle = [vaut(f"{ANCIENNE} B1", f"{NOUVELLE} B3"), vaut(f"{NOUVELLE} B3", f"{COS} B2")]
    tenu = Tenu(ANCIENNE, "B1")
    for table in permutations((*revient, *par_gc, *par_la_nouvelle)):
        attendu = {"B1": (tenu, tuple(par_gc)), "B2": (tenu, tuple(par_la_nouvelle))}
        assert ouvertes(table, [tenu], COS, JOUR) == attendu


def test_une_ligne_d_un_bloc_a_l_autre_de_la_meme_version_n_allonge_rien() -> None:
    """Une table fausse (`defauts` le dit) n'ouvre rien de plus : on ne passe pas de GC B1 à GC B2 en chemin."""
    table = [vaut(f"{ANCIENNE} B1", f"{GC} B1"), vaut(f"{GC} B1", f"{GC} B2"), vaut(f"{GC} B2", f"{COS} B2")]
    assert ouvertes(table, [Tenu(ANCIENNE, "B1")], COS, JOUR) == {}


def test_les_sources_sont_celles_du_jour() -> None:
    table = [
        vaut(f"{GC} B1", f"{COS} B1", JOUR, JOUR),
        vaut(f"{GC} B2", f"{COS} B2", JOUR + timedelta(days=1)),
        vaut(f"{GC} B3", f"{COS} B3", None, JOUR - timedelta(days=1)),
    ]
    assert sources(table, COS, JOUR) == (Place(GC, "B1"),)


def test_les_sources_sont_les_blocs_qui_ouvriraient_quelque_chose() -> None:
    table = [
        vaut(f"{GC} B2", f"{COS} B2"),
        vaut(f"{GC} B1", f"{COS} B1"),
        vaut(f"{GC} B1", f"{COS} B3"),
        vaut(f"{ANCIENNE} B1", f"{GC} B1"),
        vaut(f"{ANCIENNE} B2", f"{GC} B2", active=False),
        vaut(f"{COS} B1", f"{NOUVELLE} B1"),
    ]
    assert sources(table, COS, JOUR) == (Place(GC, "B1"), Place(GC, "B2"), Place(ANCIENNE, "B1"))
    assert sources(table, ANCIENNE, JOUR) == ()


# Contre une force brute ---------------------------------------------------------------------------------------------

VERSIONS = ("a@1", "b@1", "c@1", "d@1")
PLACES = [Place(version, bloc) for version in VERSIONS for bloc in ("B1", "B2")]
EQUIVALENCES = st.builds(
    Equivalence,
    st.sampled_from(PLACES),
    st.sampled_from(PLACES),
    st.sampled_from([None, JOUR, JOUR + timedelta(days=1)]),
    st.sampled_from([None, JOUR, JOUR - timedelta(days=1)]),
    st.sampled_from([True, True, True, False]),
)


def force_brute(table: list[Equivalence], tenu: Tenu, cible: str) -> dict[str, int]:
    """Toutes les suites de versions distinctes, de la plus courte à la plus longue : le nombre de maillons de chaque bloc."""
    longueurs: dict[str, int] = {}
    intermediaires = [version for version in VERSIONS if version not in (tenu.referentiel, cible)]
    if tenu.referentiel == cible:
        return {}
    for nombre in range(len(intermediaires) + 1):
        for etapes in permutations(intermediaires, nombre):
            atteints = {tenu.bloc} if tenu.bloc else {"B1", "B2"}
            suite = (tenu.referentiel, *etapes, cible)
            for de, vers in pairwise(suite):
                atteints = {
                    une.vers.bloc
                    for une in table
                    if une.vaut(JOUR)
                    and (une.de.referentiel, une.vers.referentiel) == (de, vers)
                    and une.de.bloc in atteints
                }
            for bloc in atteints:
                longueurs.setdefault(bloc, nombre + 1)
    return longueurs


@given(
    st.lists(EQUIVALENCES, max_size=8),
    st.builds(Tenu, st.sampled_from(VERSIONS), st.sampled_from([None, "B1", "B2"])),
    st.sampled_from(VERSIONS),
)
def test_les_chaines_sont_celles_d_une_force_brute(table: list[Equivalence], tenu: Tenu, cible: str) -> None:
    trouvees = ouvertes(table, [tenu], cible, JOUR)
    assert {bloc: len(chaine) for bloc, (_, chaine) in trouvees.items()} == force_brute(table, tenu, cible)
    for bloc, (preuve, chaine) in trouvees.items():
        assert preuve.prouve(chaine[0].de)
        assert chaine[-1].vers == Place(cible, bloc)
        assert all(une.vers == suivante.de for une, suivante in pairwise(chaine))
        assert all(une.vaut(JOUR) for une in chaine)
        traversees = [tenu.referentiel, *(une.vers.referentiel for une in chaine)]
        assert len(set(traversees)) == len(traversees)


@given(st.lists(EQUIVALENCES, max_size=6), st.lists(st.sampled_from(PLACES), max_size=3), st.sampled_from(VERSIONS))
def test_tenir_davantage_ou_une_equivalence_de_plus_ne_retire_rien(
    table: list[Equivalence], places: list[Place], cible: str
) -> None:
    tenus = [Tenu(place.referentiel, place.bloc) for place in places]
    avant = set(ouvertes(table, tenus, cible, JOUR))
    assert avant <= set(ouvertes(table, [*tenus, Tenu("a@1")], cible, JOUR))
    assert avant <= set(ouvertes([*table, vaut("a@1 B1", "b@1 B2")], tenus, cible, JOUR))


# La table ----------------------------------------------------------------------------------------------------------


def test_une_table_juste_n_a_pas_de_defaut_meme_dans_les_deux_sens() -> None:
    veille = JOUR - timedelta(days=1)
    table = [
        vaut(f"{GC} B1", f"{COS} B1", None, veille),
        vaut(f"{GC} B1", f"{COS} B1", JOUR, JOUR),
        vaut("RS12 B1", f"{COS} B1"),
        vaut(f"{GC} B1", f"{COS} B2"),
        vaut(f"{COS} B1", f"{GC} B1"),
    ]
    assert defauts(table) == ()


@pytest.mark.parametrize(
    "nom", ["", "cqp-cos", "@2021", "cqp-cos@", "RNCP", "rncp35729", "RNCP 35729", "x RNCP1", "a@1 b"]
)
def test_une_source_se_nomme_par_sa_version_ou_sa_fiche(nom: str) -> None:
    assert defauts([replace(DE_GC, de=Place(nom, "B1"))]) == (
        f"« {nom} » n'est ni une version (« code@version »), ni le numéro d'une fiche (« RNCP35729 »)",
    )


def test_chaque_defaut_se_dit() -> None:
    meme = vaut(f"{COS} B2", f"{COS} B1")
    a_l_envers = vaut(f"{GC} B2", f"{COS} B2", JOUR, JOUR - timedelta(days=1))
    assert defauts([meme, a_l_envers, DE_GC, replace(DE_GC, active=False, du=JOUR)]) == (
        f"{COS} B2 → B1 : une équivalence joint deux versions, pas deux blocs de la même",
        f"{GC} B2 → B2 : elle finirait avant d'avoir commencé",
        f"{GC} B1 → B1 : écrite deux fois pour les mêmes jours",
    )


@pytest.mark.parametrize(
    ("une", "autre", "double"),
    [
        ((None, JOUR), (JOUR, None), True),
        ((None, JOUR - timedelta(days=1)), (JOUR, None), False),
        ((JOUR, None), (None, JOUR), True),
        ((JOUR, None), (None, JOUR - timedelta(days=1)), False),
        ((None, None), (None, None), True),
        ((JOUR, JOUR), (JOUR, JOUR), True),
    ],
)
def test_deux_lignes_de_memes_blocs_ne_se_recouvrent_pas(
    une: tuple[date | None, date | None], autre: tuple[date | None, date | None], double: bool
) -> None:
    table = [vaut(f"{GC} B1", f"{COS} B1", *une), vaut(f"{GC} B1", f"{COS} B1", *autre)]
    assert bool(defauts(table)) is double
