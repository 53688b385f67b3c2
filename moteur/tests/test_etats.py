"""Les tables d'états : énumérées, sans impasse, et gardées telles qu'elles sont en base."""

from __future__ import annotations

from itertools import pairwise, product

import pytest

from moteur.etats import (
    DOSSIER,
    DOSSIER_CLOS,
    DOSSIER_SANS_RESULTAT,
    EPREUVE,
    LECTURE,
    PERSONNE,
    TABLES,
    EtatDeTable,
    Table,
    defauts,
    passer,
    peut_passer,
)
from moteur.vocabulaire import Refus

PASSAGES = {
    "dossier": {
        ("brouillon", "inscrit"),
        ("brouillon", "recevabilite"),
        ("brouillon", "recevable"),
        ("brouillon", "abandonne"),
        ("recevabilite", "recevable"),
        ("recevabilite", "irrecevable"),
        ("recevabilite", "abandonne"),
        ("recevable", "validation_deposee"),
        ("recevable", "irrecevable"),
        ("recevable", "caduc"),
        ("recevable", "abandonne"),
        ("validation_deposee", "en_evaluation"),
        ("validation_deposee", "abandonne"),
        ("inscrit", "en_parcours"),
        ("inscrit", "poursuivi"),
        ("inscrit", "abandonne"),
        ("en_parcours", "en_evaluation"),
        ("en_parcours", "poursuivi"),
        ("en_parcours", "abandonne"),
        ("en_evaluation", "second_regard"),
        ("en_evaluation", "evalue"),
        ("en_evaluation", "poursuivi"),
        ("en_evaluation", "abandonne"),
        ("second_regard", "en_evaluation"),
        ("second_regard", "evalue"),
        ("second_regard", "abandonne"),
        ("evalue", "certifie"),
        ("evalue", "partiellement_certifie"),
        ("evalue", "non_certifie"),
    },
    "epreuve": {
        ("a_planifier", "affectee"),
        ("a_planifier", "annulee"),
        ("a_planifier", "suspendue"),
        ("affectee", "en_cours"),
        ("affectee", "a_planifier"),
        ("affectee", "suspendue"),
        ("affectee", "annulee"),
        ("en_cours", "lectures_scellees"),
        ("en_cours", "annulee"),
        ("en_cours", "suspendue"),
        ("suspendue", "a_planifier"),
        ("suspendue", "affectee"),
        ("suspendue", "en_cours"),
        ("suspendue", "non_evaluee"),
        ("lectures_scellees", "accordee"),
        ("lectures_scellees", "non_evaluee"),
    },
    "lecture": {("ouverte", "scellee")},
    "habilitation": {
        ("a_venir", "en_vigueur"),
        ("a_venir", "suspendue"),
        ("a_venir", "resiliee"),
        ("en_vigueur", "suspendue"),
        ("en_vigueur", "resiliee"),
        ("en_vigueur", "echue"),
        ("suspendue", "en_vigueur"),
        ("suspendue", "resiliee"),
        ("suspendue", "echue"),
    },
    "ressaisie": {
        ("a_saisir", "a_controler"),
        ("a_saisir", "abandonnee"),
        ("a_controler", "a_regler"),
        ("a_controler", "versee"),
        ("a_controler", "abandonnee"),
        ("a_regler", "versee"),
        ("a_regler", "abandonnee"),
    },
    "convocation": {
        ("envoyee", "acceptee"),
        ("envoyee", "refusee"),
        ("envoyee", "honoree"),
        ("envoyee", "close"),
        ("envoyee", "annulee"),
        ("acceptee", "envoyee"),
        ("acceptee", "refusee"),
        ("acceptee", "honoree"),
        ("acceptee", "close"),
        ("acceptee", "annulee"),
        ("refusee", "envoyee"),
        ("refusee", "acceptee"),
        ("refusee", "honoree"),
        ("refusee", "close"),
        ("refusee", "annulee"),
    },
    "recusation": {("deposee", "accueillie"), ("deposee", "ecartee"), ("deposee", "sans_objet")},
    "second_regard": {
        ("a_designer", "designe"),
        ("a_designer", "sans_avis"),
        ("designe", "rendu"),
        ("designe", "a_designer"),
        ("designe", "sans_avis"),
    },
}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.nom)
def test_tous_les_passages_permis_et_eux_seuls(table: Table) -> None:
    for de, vers in product(table.etats, repeat=2):
        permis = (de, vers) in PASSAGES[table.nom]
        assert peut_passer(table, de, vers) is permis
        if permis:
            assert passer(table, de, vers) == vers
        else:
            with pytest.raises(Refus) as refus:
                passer(table, de, vers)
            assert refus.value.code == "passage_interdit"


def test_le_refus_d_un_passage_se_lit() -> None:
    with pytest.raises(Refus) as refus:
        passer(LECTURE, "scellee", "ouverte")
    assert refus.value.message == "Pour une lecture, on ne passe pas de « Scellée » à « Ouverte »."


@pytest.mark.parametrize(("de", "vers"), [("inconnu", "scellee"), ("ouverte", "inconnu")])
def test_un_etat_inconnu_est_refuse(de: str, vers: str) -> None:
    with pytest.raises(Refus) as refus:
        passer(LECTURE, de, vers)
    assert (refus.value.code, refus.value.message) == (
        "etat_inconnu",
        "L'état « inconnu » n'existe pas pour une lecture.",
    )
    assert peut_passer(LECTURE, de, vers) is False


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.nom)
def test_nos_tables_sont_sans_defaut(table: Table) -> None:
    assert defauts(table) == ()


def test_les_departs_et_les_terminaux() -> None:
    assert [(table.depart, table.terminaux) for table in TABLES] == [
        (
            "brouillon",
            {"certifie", "partiellement_certifie", "non_certifie", "irrecevable", "caduc", "poursuivi", "abandonne"},
        ),
        ("a_planifier", {"accordee", "annulee", "non_evaluee"}),
        ("ouverte", {"scellee"}),
        ("a_venir", {"resiliee", "echue"}),
        ("deposee", {"accueillie", "ecartee", "sans_objet"}),
        ("envoyee", {"honoree", "close", "annulee"}),
        ("a_designer", {"rendu", "sans_avis"}),
        ("a_saisir", {"versee", "abandonnee"}),
    ]


def test_on_peut_abandonner_tant_que_le_dossier_s_ecrit() -> None:
    for etat in DOSSIER.etats:
        assert peut_passer(DOSSIER, etat, "abandonne") is (etat not in DOSSIER_CLOS)
    assert DOSSIER_CLOS - DOSSIER.terminaux == {"evalue"}


def test_sans_resultat_aucun_jury_ne_statue() -> None:
    statues = set(DOSSIER.transitions["evalue"])
    assert DOSSIER.terminaux - statues == DOSSIER_SANS_RESULTAT


def test_une_epreuve_finit_toujours_meme_si_son_dossier_se_clot() -> None:
    for etat in EPREUVE.etats:
        finie = etat in EPREUVE.terminaux
        assert finie or any(peut_passer(EPREUVE, etat, vers) for vers in ("annulee", "non_evaluee"))


def test_chaque_voie_mene_du_depart_au_certificat() -> None:
    formation = ("brouillon", "inscrit", "en_parcours", "en_evaluation", "evalue", "certifie")
    vae = ("brouillon", "recevabilite", "recevable", "validation_deposee", "en_evaluation", "evalue", "certifie")
    for chemin in (formation, vae):
        for de, vers in pairwise(chemin):
            assert passer(DOSSIER, de, vers) == vers


def test_chaque_etat_a_un_proprietaire_et_une_phrase() -> None:
    assert DOSSIER.proprietaires == {
        "brouillon": "gestionnaire",
        "recevabilite": "certificateur",
        "recevable": "candidat",
        "validation_deposee": "gestionnaire",
        "inscrit": "gestionnaire",
        "en_parcours": "tuteur et manager",
        "en_evaluation": "évaluateurs",
        "second_regard": "second regard",
        "evalue": "jury",
        "certifie": PERSONNE,
        "partiellement_certifie": PERSONNE,
        "non_certifie": PERSONNE,
        "irrecevable": PERSONNE,
        "caduc": PERSONNE,
        "poursuivi": PERSONNE,
        "abandonne": PERSONNE,
    }
    for table in TABLES:
        for ligne in table.lignes:
            assert ligne.attend.endswith(".")
    assert EPREUVE.etat("a_planifier").attend == "Le gestionnaire affecte les deux évaluateurs."


def ligne(code: str, *vers: str, qui: str = "", attend: str = "Quelqu'un agit.", intitule: str = "État") -> EtatDeTable:
    return EtatDeTable(code, intitule, qui or ("gestionnaire" if vers else PERSONNE), attend, vers)


@pytest.mark.parametrize(
    ("lignes", "attendus"),
    [
        ((ligne("a", "b"), ligne("b")), ()),
        ((ligne("a", "b"), ligne("b"), ligne("b")), ("l'état « b » est écrit deux fois",)),
        (
            (ligne("a", "b", "z"), ligne("b")),
            ("« a » passe à « z », qui n'existe pas",),
        ),
        ((ligne("a", "b"), ligne("b"), ligne("c", "b")), ("« c » n'est jamais atteint",)),
        (
            (ligne("a", "b", "c"), ligne("b"), ligne("c", "d"), ligne("d", "c")),
            ("« c » est une impasse", "« d » est une impasse"),
        ),
        (
            (ligne("a", "b", attend=""), ligne("b")),
            ("« a » ne dit pas qui a la main, ou ce qui le débloque",),
        ),
        (
            (ligne("a", "b", intitule=""), ligne("b")),
            ("« a » ne dit pas qui a la main, ou ce qui le débloque",),
        ),
        (
            (ligne("a", "b", qui=PERSONNE), ligne("b", qui="gestionnaire")),
            (
                "« a » : personne n'a la main dans un état terminal, et là seulement",
                "« b » : personne n'a la main dans un état terminal, et là seulement",
            ),
        ),
        (
            (EtatDeTable("a", "A", "", "Phrase.", ("b",)), ligne("b")),
            ("« a » ne dit pas qui a la main, ou ce qui le débloque",),
        ),
    ],
    ids=range(9),
)
def test_les_defauts_d_une_table_sont_tous_dits(lignes: tuple[EtatDeTable, ...], attendus: tuple[str, ...]) -> None:
    assert defauts(Table("essai", "un essai", lignes)) == attendus
