"""Un export se vérifie sans base ; chaque retouche s'y voit."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from parchemin.commandes import journal
from parchemin.registre import selectors
from parchemin.registre.tests.factories import ALICE, agir
from parchemin.registre.verification import examiner_export

pytestmark = pytest.mark.django_db


@pytest.fixture
def lignes() -> list[str]:
    for minute in range(3):
        agir("a", minutes=minute, donnees={"n": minute}, personnel={"nom": "Zoé"})
    agir("b")
    return list(selectors.en_lignes_json(ALICE, chaines=None, filtre=selectors.TOUT, au_plus=100))


def codes(lignes: list[str]) -> list[str]:
    return [anomalie.code for anomalie in examiner_export(lignes)]


def test_un_export_tient_meme_troue(lignes):
    assert codes(lignes) == codes([lignes[0], lignes[2]]) == codes([]) == []
    assert "Zoé" not in "".join(lignes)


@pytest.mark.parametrize(
    ("champ", "valeur"),
    [("donnees", {"n": 9}), ("auteur", "x"), ("instant", "2020-01-01T00:00:00.000000+00:00"), ("action", "essai.defaite"),
     ("objet_id", "9"), ("rang", 7), ("empreinte", "0" * 64), ("nature", "systeme"), ("scelles", [{}])],
)  # fmt: skip
def test_chaque_retouche_se_voit(lignes, champ, valeur):
    une = json.loads(lignes[1]) | {champ: valeur}
    assert codes([lignes[0], json.dumps(une), lignes[2]])[0] == "entree_alteree"


def test_une_entree_remplacee_par_une_autre_bien_faite_rompt_la_suite(lignes):
    autre = json.loads(lignes[1]) | {"precedent": "1" * 64}
    from parchemin.registre.chainage import corps, maillon

    contenu = {cle: autre[cle] for cle in autre if cle not in ("rang", "precedent", "empreinte")}
    autre["empreinte"] = maillon(autre["precedent"], autre["rang"], corps(**contenu))
    assert codes([lignes[0], json.dumps(autre), lignes[2]]) == ["suite_rompue", "suite_rompue"]


@pytest.mark.parametrize("ligne", ["{", "[]", "{}", "null", '"a"'])
def test_une_ligne_illisible_le_dit(ligne):
    assert codes([ligne]) == ["ligne_illisible"]


def test_la_commande(lignes, tmp_path: Path):
    def lancer(*mots: str) -> tuple[int, str]:
        sortie = io.StringIO()
        return journal.executer(mots, sortie, io.StringIO()), sortie.getvalue()

    bon, mauvais = tmp_path / "bon.jsonl", tmp_path / "mauvais.jsonl"
    bon.write_text("".join(lignes), encoding="utf-8")
    mauvais.write_text("".join(lignes).replace('"n": 1', '"n": 2'), encoding="utf-8")
    assert lancer("verifier-export", str(bon)) == (0, "4 entrée(s) : chaque empreinte se refait.\n")
    assert lancer("verifier-export", str(mauvais))[0] == 1
    assert lancer("verifier-export", str(tmp_path / "absent"))[0] == 2
