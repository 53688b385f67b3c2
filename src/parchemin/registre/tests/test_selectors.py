"""Lire le journal : le lecteur ne voit que les chaînes qu'on lui ouvre."""

from __future__ import annotations

from datetime import timedelta

import pytest

from parchemin.registre import actions, selectors
from parchemin.registre.models import Entree
from parchemin.registre.tests.factories import ALICE, BRUNO, MIDI, ActionEssai, agir

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
        ({"chaines": None, "auteur": BRUNO.id}, [("b", 1)]),
        ({"chaines": None, "action": "essai.defaite"}, [("a", 2)]),
        ({"chaines": None, "depuis": MIDI + timedelta(minutes=1)}, [("a", 2), ("b", 1)]),
        ({"chaines": None, "avant": MIDI + timedelta(minutes=1)}, [("a", 1)]),
    ],
)
def test_les_entrees(filtre, attendues):
    assert [(e.chaine_id, e.rang) for e in selectors.entrees(ALICE, **filtre)] == attendues


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
