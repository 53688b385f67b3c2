"""Les valeurs que les composants dessinent : ordre des points, place du seuil, phrases, refus."""

from datetime import date

import pytest

from parchemin.socle.composants import (
    ATTESTATIONS,
    COMPETENCES,
    Action,
    Balle,
    ChoixCritere,
    Colonne,
    Etape,
    EtatEtape,
    Jauge,
    Option,
    RangeePoints,
    Tableau,
)


@pytest.mark.parametrize(
    ("rangee", "formes"),
    [
        (RangeePoints(3, 1, 1, 4), ["v", "v", "v", "n", "seuil", "o"]),
        (RangeePoints(4, 1, 0, 4), ["v", "v", "v", "v", "seuil", "n"]),
        (RangeePoints(3, 0, 0, 3), ["v", "v", "v", "seuil"]),
        (RangeePoints(0, 0, 2, 0), ["seuil", "o", "o"]),
        (RangeePoints(1, 0, 1), ["v", "o"]),
        (RangeePoints(0, 0, 0), []),
    ],
)
def test_les_points_se_rangent_et_le_seuil_prend_sa_place(rangee, formes):
    assert list(rangee.formes) == formes


@pytest.mark.parametrize(
    ("rangee", "phrase"),
    [
        (RangeePoints(3, 1, 1, 4), "3 validés, 1 non validé, 1 non observé ; il en faut 4"),
        (RangeePoints(1, 2, 2, 4), "1 validé, 2 non validés, 2 non observés ; il en faut 4"),
        (RangeePoints(0, 0, 5, 4), "0 validé, 5 non observés ; il en faut 4"),
        (RangeePoints(5, 1, 0, 5, COMPETENCES), "5 acquises, 1 non acquise ; il en faut 5"),
        (RangeePoints(14, 0, 4, mots=ATTESTATIONS), "14 attestées, 4 attendues"),
    ],
)
def test_la_phrase_dit_ce_que_montre_le_dessin(rangee, phrase):
    assert rangee.phrase.replace("\u00a0", " ") == phrase


@pytest.mark.parametrize("comptes", [(-1, 0, 0), (0, -1, 0), (0, 0, -1), (1, 1, 1, 4), (1, 1, 1, -1)])
def test_une_rangee_impossible_est_refusee(comptes):
    with pytest.raises(ValueError, match=r"négatif|hors d’une rangée"):
        RangeePoints(*comptes)


def test_la_date_d_une_etape_cede_a_sa_mention():
    assert Etape("Jury", date(2026, 12, 9), EtatEtape.A_VENIR).quand == "9\u00a0déc.\u00a02026"
    assert Etape("Jury", date(2026, 12, 9), EtatEtape.ICI, "en cours").quand == "en cours"
    assert Etape("Jury", None, EtatEtape.A_VENIR).quand == ""


def test_la_balle_ne_dit_depuis_quand_que_si_elle_le_sait():
    assert Balle("Karim", "attester", date(2026, 11, 15), date(2026, 11, 24)).depuis_quand == "depuis 9\u00a0jours"
    assert Balle("Karim", "attester", date(2026, 11, 15)).depuis_quand == ""
    assert Balle("Karim", "attester", aujourdhui=date(2026, 11, 24)).depuis_quand == ""


def test_une_jauge_compte_et_sait_quand_elle_est_atteinte():
    assert (Jauge("Entretiens", 2, 2).compte, Jauge("Entretiens", 2, 2).atteinte) == ("2 sur 2", True)
    assert (Jauge("Écoute", 14, 20, "min").compte, Jauge("Écoute", 14, 20, "min").atteinte) == (
        "14 sur 20\u00a0min",
        False,
    )


@pytest.mark.parametrize(("valeur", "maximum"), [(-1, 2), (0, 0), (1, -2)])
def test_une_jauge_impossible_est_refusee(valeur, maximum):
    with pytest.raises(ValueError, match="jauge"):
        Jauge("Entretiens", valeur, maximum)


def test_une_action_ne_connait_que_deux_methodes():
    with pytest.raises(ValueError, match="delete"):
        Action("Effacer", "/", methode="delete")


def test_un_choix_de_critere_refuse_une_valeur_ou_un_envoi_inconnus():
    with pytest.raises(ValueError, match="peut_etre"):
        ChoixCritere("k", "Écoute", "K1", "peut_etre")
    with pytest.raises(ValueError, match="pigeon"):
        ChoixCritere("k", "Écoute", "K1", envoi="pigeon")


def test_le_choix_fait_se_retrouve():
    assert ChoixCritere("k", "Écoute", "K1", "non_valide").choisie == Option("non_valide", "Non validé", "n")
    assert ChoixCritere("k", "Écoute", "K1").choisie is None


def test_un_tableau_refuse_une_ligne_bancale():
    with pytest.raises(ValueError, match="1 cases pour 2 colonnes"):
        Tableau("Gens", (Colonne("Nom"), Colonne("Âge")), (("Ada",),))
