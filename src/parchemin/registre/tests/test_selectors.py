"""Lire le journal : le lecteur ne voit que les chaînes qu'on lui ouvre."""

from __future__ import annotations

from datetime import timedelta

import pytest

from parchemin.registre import actions, selectors
from parchemin.registre.models import Entree
from parchemin.registre.tests.factories import ALICE, BRUNO, MIDI, ActionEssai, agir
from parchemin.socle.refus import Introuvable

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _journal():
    agir("a", objet="1", personnel={"nom": "Zoé"})
    agir("b", objet="1", minutes=1, auteur=BRUNO, personnel={"nom": "Élan"})
    agir("a", objet="2", minutes=2, action=ActionEssai.DEFAITE)


@pytest.mark.parametrize(
    ("filtre", "attendues"),
    [
        ({"chaines": None}, [("a", 2), ("b", 1), ("a", 1)]),
        ({"chaines": ["a"]}, [("a", 2), ("a", 1)]),
        ({"chaines": []}, []),
        ({"chaines": None, "objet": ("essai.chose", "1")}, [("b", 1), ("a", 1)]),
        ({"chaines": ["b"], "objet": ("essai.chose", "1")}, [("b", 1)]),
        ({"chaines": None, "auteurs": frozenset({BRUNO.id})}, [("b", 1)]),
        ({"chaines": None, "action": "essai.defaite"}, [("a", 2)]),
        ({"chaines": None, "depuis": MIDI + timedelta(minutes=1)}, [("a", 2), ("b", 1)]),
        ({"chaines": None, "avant": MIDI + timedelta(minutes=1)}, [("a", 1)]),
    ],
)
def test_les_entrees(filtre, attendues):
    chaines = filtre.pop("chaines")
    trouvees = selectors.entrees(ALICE, chaines=chaines, filtre=selectors.Filtre(**filtre))
    assert [(e.chaine_id, e.rang) for e in trouvees] == attendues


def test_les_valeurs():
    identifiants = {e.chaine_id: e.pk for e in Entree.objects.filter(rang=1)}
    toutes = selectors.valeurs(ALICE, chaines=None, entree_ids=identifiants.values())
    assert toutes == {identifiants["a"]: {"nom": "Zoé"}, identifiants["b"]: {"nom": "Élan"}}
    assert selectors.valeurs(ALICE, chaines=["b"], entree_ids=identifiants.values()) == {
        identifiants["b"]: {"nom": "Élan"}
    }
    assert selectors.valeurs(ALICE, chaines=[], entree_ids=identifiants.values()) == {}


def test_les_chaines():
    assert [(c.nom, c.longueur) for c in selectors.chaines(ALICE, chaines=None)] == [("a", 2), ("b", 1)]
    assert [(c.nom, c.longueur) for c in selectors.chaines(ALICE, chaines=["b"])] == [("b", 1)]


def test_une_action_a_un_libelle_meme_oubliee():
    assert (actions.libelle("essai.faite"), actions.libelle("essai.oubliee")) == ("Chose faite", "essai.oubliee")


# Chercher ------------------------------------------------------------------------------------------------------------

NOUR = "0a000000-0000-4000-8000-00000000000a"
DOSSIER = "0d000000-0000-4000-8000-00000000000d"


def trouvees(**filtre) -> list[tuple[str, int]]:
    return [(e.chaine_id, e.rang) for e in selectors.entrees(ALICE, chaines=None, filtre=selectors.Filtre(**filtre))]


def test_un_identifiant_se_trouve_a_toute_profondeur_des_donnees_et_comme_objet():
    agir("c", minutes=3, donnees={"candidat": NOUR, "dossier": DOSSIER})
    agir("c", minutes=4, donnees={"liste": [{"personnes": ["x", NOUR]}]})
    agir("c", minutes=5, objet=NOUR)
    agir("c", minutes=6, donnees={"texte": f"parle de {NOUR} sans l'être"})
    assert trouvees(sujets=(NOUR,)) == [("c", 3), ("c", 2), ("c", 1)]
    assert trouvees(sujets=(DOSSIER,)) == trouvees(mention=DOSSIER) == [("c", 1)]
    assert trouvees(sujets=(NOUR, DOSSIER), action="essai.defaite") == []


def test_qui_a_agi_et_ce_qui_la_touche_se_cherchent_ensemble_ou_pas():
    agir("c", minutes=3, donnees={"personne": str(BRUNO.id)})
    agir("c", minutes=4, auteur=BRUNO, donnees={"personne": str(BRUNO.id)})
    sujets = (str(BRUNO.id),)
    assert trouvees(auteurs=frozenset({BRUNO.id}), sujets=sujets, ou=True) == [("c", 2), ("c", 1), ("b", 1)]
    assert trouvees(auteurs=frozenset({BRUNO.id}), sujets=sujets) == [("c", 2)]
    assert trouvees(sujets=sujets) == [("c", 2), ("c", 1)]


@pytest.mark.parametrize("taille", [1, 2, 3, 10])
def test_les_pages_bout_a_bout_font_tout_le_journal_meme_a_instants_egaux(taille):
    for _ in range(4):
        agir("c", minutes=2)
    attendues = [(e.chaine_id, e.rang) for e in selectors.entrees(ALICE, chaines=None)]
    lues, apres = [], None
    while True:
        page = selectors.page_entrees(ALICE, chaines=None, apres=apres, taille=taille)
        assert page.debut is (apres is None)
        lues += [(e.chaine_id, e.rang) for e in page.entrees]
        agir("d", minutes=9)  # le journal grandit pendant qu'on le lit
        apres = page.suivante
        if apres is None:
            break
    assert lues == attendues


def test_une_page_coute_deux_requetes(django_assert_num_queries):
    premiere = selectors.page_entrees(ALICE, chaines=None, taille=1)
    with django_assert_num_queries(2):
        selectors.page_entrees(ALICE, chaines=None, apres=premiere.suivante, taille=1)


def test_une_entree_hors_des_chaines_du_lecteur_n_existe_pas():
    assert selectors.entree(ALICE, chaines=["a"], chaine="a", rang=2).rang == 2
    for chaines, rang in ((["b"], 2), ([], 2), (None, 99)):
        with pytest.raises(Introuvable):
            selectors.entree(ALICE, chaines=chaines, chaine="a", rang=rang)


def test_une_entree_se_refait_et_une_entree_changee_ne_se_refait_pas():
    une = selectors.entree(ALICE, chaines=None, chaine="a", rang=2)
    assert selectors.se_refait(une) is True
    une.objet_id = "autre"
    assert selectors.se_refait(une) is False
    premiere = selectors.entree(ALICE, chaines=None, chaine="a", rang=1)
    assert selectors.se_refait(premiere) is True
    premiere.precedent = "1" * 64
    assert selectors.se_refait(premiere) is False


def test_on_compte_sans_depasser():
    assert [
        selectors.nombre_d_entrees(ALICE, chaines=None, filtre=selectors.TOUT, au_plus=borne) for borne in (2, 3, 9)
    ] == [2, 3, 3]
