"""L'effacement licite : les valeurs et leurs sels partent, la chaîne tient, l'effacement est inscrit."""

from __future__ import annotations

from uuid import UUID

import pytest

from parchemin.registre.models import Entree, ValeurPersonnelle
from parchemin.registre.services import effacer_valeurs
from parchemin.registre.tests.factories import ALICE, BRUNO, MIDI, agir
from parchemin.registre.verification import verifier
from parchemin.socle.refus import Refus

pytestmark = pytest.mark.django_db

ZOE, ELAN = UUID(int=1), UUID(int=2)
MOTIF = "droit à l'effacement (article 17 du RGPD)"


@pytest.fixture(autouse=True)
def _journal():
    agir("a", objet=str(ZOE), personnel={"nom": "Zoé", "courriel": "zoe@exemple.test"})
    agir("b", objet=str(ZOE), personnel={"nom": "Zoé"})
    agir("b", objet=str(ELAN), personnel={"nom": "Élan"})
    agir("a", objet=str(ZOE))


def restes():
    return [
        (v.entree.chaine_id, v.entree.rang, v.nom, v.valeur, v.sel is None)
        for v in ValeurPersonnelle.objects.select_related("entree").order_by("entree__chaine", "entree__rang", "nom")
    ]


def effacer(**options):
    return effacer_valeurs(auteur=BRUNO, maintenant=MIDI, motif=MOTIF, **options)


def test_effacer_vide_inscrit_et_garde_les_chaines(tmp_path):
    assert effacer(objets=[("essai.chose", ZOE)]) == 3
    assert restes() == [
        ("a", 1, "courriel", None, True),
        ("a", 1, "nom", None, True),
        ("b", 1, "nom", None, True),
        ("b", 2, "nom", "Élan", False),
    ]
    effacements = Entree.objects.filter(action="registre.valeurs_effacees").order_by("chaine")
    assert [(e.chaine_id, e.rang, e.auteur_id, e.donnees) for e in effacements] == [
        ("a", 3, BRUNO.id, {"motif": MOTIF, "valeurs": [[1, "courriel"], [1, "nom"]]}),
        ("b", 3, BRUNO.id, {"motif": MOTIF, "valeurs": [[1, "nom"]]}),
    ]
    assert verifier(tmp_path, ()) == ()


def test_effacer_certains_noms_seulement(tmp_path):
    assert effacer(objets=[("essai.chose", ZOE), ("essai.chose", ELAN)], noms={"courriel"}) == 1
    assert [reste[2:4] for reste in restes()] == [("courriel", None), ("nom", "Zoé"), ("nom", "Zoé"), ("nom", "Élan")]
    assert verifier(tmp_path, ()) == ()


@pytest.mark.parametrize("objets", [[], [("essai.chose", UUID(int=9))], [("autre.chose", ZOE)]])
def test_rien_a_effacer_se_dit(objets):
    with pytest.raises(Refus) as refus:
        effacer(objets=objets)
    assert refus.value.code == "rien_a_effacer"
    assert (len([r for r in restes() if r[3] is None]), Entree.objects.count()) == (0, 4)


def test_effacer_deux_fois_ne_trouve_plus_rien():
    effacer(objets=[("essai.chose", ZOE)])
    with pytest.raises(Refus):
        effacer(objets=[("essai.chose", ZOE)])


def test_un_effacement_a_un_motif():
    with pytest.raises(ValueError, match="motif"):
        effacer_valeurs(auteur=ALICE, maintenant=MIDI, objets=[("essai.chose", ZOE)], motif="  ")
