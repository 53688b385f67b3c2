"""`parchemin verdict` : le format à la lettre, chaque refus, le flux, et des milliers de lignes contre l'oracle."""

from __future__ import annotations

import io
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import pytest

from parchemin.commandes import verdict
from parchemin.commandes.verdict import executer, memoire
from parchemin.commandes.verdict.lecture import citer
from parchemin.referentiels.fichier import FichierInvalide, charger_norme
from tests.commandes import oracle_verdict

REFERENTIEL = "cqp-cos@2021"
ARBRE = {
    bloc.code: {c.code: [k.code for k in c.criteres] for c in bloc.competences()}
    for bloc in charger_norme(REFERENTIEL).blocs
}
CODES = [code for bloc in ARBRE.values() for criteres in bloc.values() for code in criteres]
ETATS = ("valide", "non_valide", "non_observe")


def lancer(entree: bytes | str, *mots: str) -> tuple[int, list[Any], str]:
    """Le code de sortie, les réponses, et ce qui est dit sur la sortie d'erreur."""
    octets = entree.encode() if isinstance(entree, str) else entree
    sortie, erreur = io.BytesIO(), io.StringIO()
    code = executer(mots, io.BytesIO(octets), sortie, erreur)
    texte = sortie.getvalue()
    assert texte == b"" or texte.endswith(b"\n")
    return code, [json.loads(ligne) for ligne in texte.decode().split("\n")[:-1]], erreur.getvalue()


def une(objet: object) -> Any:
    """La réponse à une ligne."""
    _, (reponse,), erreur = lancer(objet if isinstance(objet, str | bytes) else json.dumps(objet))
    assert erreur == ""
    return reponse


def refus(objet: object) -> tuple[object, str]:
    """L'`id` et le code de l'erreur d'une ligne."""
    reponse = une(objet)
    assert set(reponse) == {"id", "erreur"}
    assert set(reponse["erreur"]) == {"code", "message"}
    assert reponse["erreur"]["message"]
    return reponse["id"], reponse["erreur"]["code"]


# --- La forme. ---


def test_l_exemple_du_format() -> None:
    reponse = une(
        {
            "id": "a1",
            "referentiel": REFERENTIEL,
            "criteres": {"K1.1.1": "valide", "K1.1.2": "non_valide", "K1.1.3": "non_observe"},
        }
    )
    assert list(reponse["blocs"]) == ["B1", "B2", "B3", "B4"]
    assert list(reponse["blocs"]["B1"]["detail"]) == ["C1.1", "C1.2", "C1.3", "C1.4", "C1.5", "C1.6"]
    assert reponse["id"] == "a1"
    assert reponse["certification"] == {
        "acquis": None,
        "marge": None,
        "bascule": None,
        "blocs_manquants": ["B1", "B2", "B3", "B4"],
    }
    bloc = dict(reponse["blocs"]["B1"])
    assert bloc.pop("detail")["C1.1"] == {
        "acquis": None,
        "valides": 1,
        "criteres": 5,
        "requis": 4,
        "ouverts": ["K1.1.3", "K1.1.4", "K1.1.5"],
        "marge": None,
        "bascule": None,
    }
    assert bloc == {
        "acquis": None,
        "competences_acquises": 0,
        "competences": 6,
        "requis": 5,
        "marge": None,
        "bascule": None,
    }


def test_tout_valide() -> None:
    reponse = une({"criteres": dict.fromkeys(CODES, "valide")})
    assert reponse["id"] is None
    assert reponse["certification"] == {
        "acquis": True,
        "marge": 1,
        "bascule": [code for code in CODES if code[1] in "34"],
        "blocs_manquants": [],
    }
    assert [bloc["marge"] for bloc in reponse["blocs"].values()] == [2, 2, 1, 1]


def test_l_entree_et_la_sortie_sont_dans_le_meme_ordre_et_les_lignes_vides_sont_sautees() -> None:
    code, reponses, _ = lancer('\n{"id":1,"criteres":{}}\n \t\r\n{"id":2,"criteres":{}}\r\n\n{"id":3,"criteres":{}}')
    assert (code, [reponse["id"] for reponse in reponses]) == (0, [1, 2, 3])


def test_une_entree_vide_n_a_pas_de_reponse() -> None:
    assert lancer(b"") == (0, [], "")
    assert lancer(b"\n\n  \n") == (0, [], "")


IDENTIFIANTS = [
    '"a1"', '""', '"é"', '"\\u00e9"', '"\\ud83d\\ude00"', '"\\ud800"', '"\\u2028"', '"a\\"b\\\\"', "0", "-0", "1.0", "1e400",
    "12345678901234567890123456789", "-1.5e-3", "3.141592653589793238462643383279", "9" * 5_000, "null",
]  # fmt: skip


@pytest.mark.parametrize("identifiant", IDENTIFIANTS, ids=lambda texte: texte[:30])
def test_l_id_est_rendu_comme_il_est_venu(identifiant: str) -> None:
    sortie = io.BytesIO()
    ligne = f'{{"criteres":{{}},"id":{identifiant}}}\n{{"id":{identifiant},"criteres":{{"K9":"valide"}}}}'
    executer([], io.BytesIO(ligne.encode()), sortie, io.StringIO())
    for reponse in sortie.getvalue().decode().splitlines():
        rendu = reponse.removeprefix('{"id":').split(',"', 1)[0]
        if identifiant.startswith('"'):
            assert json.loads(rendu) == json.loads(identifiant)
        else:
            assert rendu == identifiant
        assert reponse.isprintable() or identifiant == '"\\ud800"'


# --- Les options. ---


def test_limiter_aux_blocs_demandes() -> None:
    reponse = une({"id": 1, "blocs": ["B3", "B1"], "criteres": {"K3.1.1": "non_valide"}})
    assert reponse["certification"] is None
    assert list(reponse["blocs"]) == ["B1", "B3"]
    assert reponse["blocs"]["B3"]["acquis"] is False


def test_un_bloc_acquis_par_equivalence() -> None:
    etats = {code: "valide" for code in CODES if not code.startswith("K2")} | {"K2.1.1": "non_valide"}
    reponse = une({"id": 1, "blocs_acquis": {"B2": "equivalence"}, "criteres": etats})
    bloc = reponse["blocs"]["B2"]
    assert (bloc["acquis"], bloc["marge"], bloc["origine"], bloc["bascule"]) == (True, None, "equivalence", [])
    assert reponse["certification"]["acquis"] is True
    assert reponse["certification"]["marge"] == 1
    assert reponse["certification"]["blocs_manquants"] == []
    assert all("origine" not in reponse["blocs"][code] for code in ("B1", "B3", "B4"))


def test_aucun_bloc_acquis_d_ailleurs_revient_a_ne_rien_dire() -> None:
    assert une({"blocs_acquis": {}, "criteres": {"K1.1.1": "valide"}}) == une({"criteres": {"K1.1.1": "valide"}})


def test_le_referentiel_par_defaut_est_celui_qui_est_livre() -> None:
    assert une({"criteres": {"K1.1.1": "valide"}}) == une(
        {"referentiel": REFERENTIEL, "criteres": {"K1.1.1": "valide"}}
    )


# --- Les refus. ---

ILLISIBLES = [
    "{", "}", "nul", '{"id":1', '{"id":1,}', "{'id':1}", '{"id":01,"criteres":{}}', '{"id":1,"criteres":{}} x',
    '{"id":NaN,"criteres":{}}', '{"id":Infinity,"criteres":{}}', '{"id":-Infinity,"criteres":{}}', '{"a":[NaN]}',
    '{"id":"\t","criteres":{}}', '{"id":"\\x","criteres":{}}', "[" * 100_000, '{"a":' * 100_000,
    '{"id":1,"id":2', '{"id":1,"id":2,"x":NaN}',
    b'{"id":"\xff","criteres":{}}', b"\xed\xa0\x80", '{"criteres":{}}'.encode("utf-16"), '{"criteres":{}}'.encode("latin-1") + b"\xe9",
    "\u00a0", "\u2028", b"\x00", b"\x0b", b"\x0c",
]  # fmt: skip


@pytest.mark.parametrize("ligne", ILLISIBLES, ids=range(len(ILLISIBLES)))
def test_json_illisible(ligne: str | bytes) -> None:
    assert refus(ligne) == (None, "json_illisible")


@pytest.mark.parametrize(
    ("ligne", "identifiant"),
    [
        ('{"id":"x","criteres":{"K1.1.1":"valide","K1.1.1":"valide"}}', "x"),
        ('{"id":"x","criteres":{"K1.1.1":"valide","K1.1.1":"non_valide"}}', "x"),
        ('{"id":"x","criteres":{"K1.1.1":"valide","K\\u0031.1.1":"valide"}}', "x"),
        ('{"criteres":{},"id":7,"criteres":{}}', 7),
        ('{"id":1,"criteres":{},"id":1}', None),
        ('{"id":1,"i\\u0064":2,"criteres":{}}', None),
        ('{"id":"x","criteres":{},"blocs_acquis":{"B1":"a","B1":"a"}}', "x"),
        ('{"id":"x","criteres":[{"a":1,"a":2}]}', "x"),
        ('{"id":"x","autre":{"a":{"b":1,"b":2}}}', "x"),
        ('[{"id":1,"id":2}]', None),
        ('{"id":[],"criteres":{"K9":"a","K9":"b"}}', None),
    ],
)
def test_cle_en_double(ligne: str, identifiant: object) -> None:
    assert refus(ligne) == (identifiant, "cle_en_double")


FORMES: list[tuple[object, object]] = [
    ([], None),
    ("null", None),
    ("1", None),
    ('"texte"', None),
    ("true", None),
    ({"id": 1}, 1),
    ({"id": 1, "criteres": None}, 1),
    ({"id": 1, "criteres": []}, 1),
    ({"id": 1, "criteres": "K1.1.1"}, 1),
    ({"id": 1, "criteres": {"K1.1.1": None}}, 1),
    ({"id": 1, "criteres": {"K1.1.1": True}}, 1),
    ({"id": 1, "criteres": {"K1.1.1": 1}}, 1),
    ({"id": 1, "criteres": {"K1.1.1": ["valide"]}}, 1),
    ({"id": 1, "criteres": {"K1.1.1": {}}}, 1),
    ({"id": True, "criteres": {}}, None),
    ({"id": ["a"], "criteres": {}}, None),
    ({"id": {}, "criteres": {}}, None),
    ({"id": 1, "criteres": {}, "referentiel": None}, 1),
    ({"id": 1, "criteres": {}, "referentiel": 2021}, 1),
    ({"id": 1, "criteres": {}, "referentiel": [REFERENTIEL]}, 1),
    ({"id": 1, "criteres": {}, "blocs": None}, 1),
    ({"id": 1, "criteres": {}, "blocs": "B1"}, 1),
    ({"id": 1, "criteres": {}, "blocs": {"B1": True}}, 1),
    ({"id": 1, "criteres": {}, "blocs": [1]}, 1),
    ({"id": 1, "criteres": {}, "blocs": [["B1"]]}, 1),
    ({"id": 1, "criteres": {}, "blocs": []}, 1),
    ({"id": 1, "criteres": {}, "blocs": ["B1", "B1"]}, 1),
    ({"id": 1, "criteres": {}, "blocs_acquis": None}, 1),
    ({"id": 1, "criteres": {}, "blocs_acquis": ["B1"]}, 1),
    ({"id": 1, "criteres": {}, "blocs_acquis": {"B1": True}}, 1),
    ({"id": 1, "criteres": {}, "blocs_acquis": {"B1": ""}}, 1),
    ({"id": 1, "criteres": {}, "blocs_acquis": {"B1": " "}}, 1),
    ({"id": 1, "criteres": {}, "bloc": ["B1"]}, 1),
    ({"id": 1, "criteres": {}, "nom": "x"}, 1),
]


@pytest.mark.parametrize(("ligne", "identifiant"), FORMES, ids=range(len(FORMES)))
def test_forme(ligne: object, identifiant: object) -> None:
    assert refus(ligne) == (identifiant, "forme")


INCONNUS = [
    ({"referentiel": "cqp-cos@2020"}, "referentiel_inconnu"),
    ({"referentiel": ""}, "referentiel_inconnu"),
    ({"referentiel": "../cqp-cos@2021"}, "referentiel_inconnu"),
    ({"referentiel": "cqp-cos@2021\u0000"}, "referentiel_inconnu"),
    ({"blocs": ["B9"]}, "bloc_inconnu"),
    ({"blocs": ["B1", "b1"]}, "bloc_inconnu"),
    ({"blocs_acquis": {"B9": "equivalence"}}, "bloc_inconnu"),
    ({"criteres": {"K9.9.9": "valide"}}, "critere_inconnu"),
    ({"criteres": {"k1.1.1": "valide"}}, "critere_inconnu"),
    ({"criteres": {"C1.1": "valide"}}, "critere_inconnu"),
    ({"criteres": {"": "valide"}}, "critere_inconnu"),
    ({"criteres": {"K1.1.1 ": "valide"}}, "critere_inconnu"),
    ({"criteres": {"K\ud800": "valide"}}, "critere_inconnu"),
    ({"blocs": ["B1"], "criteres": {"K2.1.1": "valide"}}, "critere_hors_blocs"),
    ({"criteres": {"K1.1.1": "validé"}}, "etat_inconnu"),
    ({"criteres": {"K1.1.1": ""}}, "etat_inconnu"),
    ({"criteres": {"K1.1.1": "VALIDE"}}, "etat_inconnu"),
    ({"criteres": {"K1.1.1": "valide\u2028"}}, "etat_inconnu"),
    ({"criteres": {**dict.fromkeys(CODES, "valide"), "K4.4.3": "acquis"}}, "etat_inconnu"),
]


@pytest.mark.parametrize(("champs", "code"), INCONNUS, ids=range(len(INCONNUS)))
def test_ce_qui_n_existe_pas(champs: dict[str, object], code: str) -> None:
    assert refus({"id": "x", "criteres": {}, **champs}) == ("x", code)


#: Des fautes de plus en plus graves : une ligne qui en a plusieurs dit la plus grave.
FAUTES: list[tuple[str, dict[str, object]]] = [
    ("etat_inconnu", {"criteres": {"K1.1.1": "acquis"}}),
    ("critere_hors_blocs", {"criteres": {"K1.1.1": "acquis", "K2.1.1": "valide"}, "blocs": ["B1"]}),
    ("critere_inconnu", {"criteres": {"K1.1.1": "acquis", "K2.1.1": "valide", "K9": "x"}}),
    ("bloc_inconnu", {"blocs": ["B1", "B9"]}),
    ("referentiel_inconnu", {"referentiel": "autre@1"}),
    ("forme", {"blocs_acquis": {"B8": 1}}),
]


def test_l_ordre_des_fautes() -> None:
    ligne: dict[str, object] = {"id": "x"}
    for code, faute in FAUTES:
        ligne |= faute
        assert refus(ligne) == ("x", code)
    texte = json.dumps(ligne)[:-1]
    assert refus(texte + ',"id":1}') == (None, "cle_en_double")
    assert refus(texte + ',"id":1') == (None, "json_illisible")


def test_les_messages_se_lisent() -> None:
    assert une({"criteres": {"K1.1.1": "validé"}})["erreur"]["message"] == (
        "L'état « validé » du critère « K1.1.1 » n'est pas admis ; il faut l'un de : valide, non_valide, non_observe."
    )
    assert une({"criteres": {}, "bloc": []})["erreur"]["message"] == "La clé « bloc » n'est pas connue."
    assert une('{"id":1,"id":1}')["erreur"]["message"] == "La clé « id » est écrite deux fois."
    assert une(b"\xff")["erreur"]["message"] == "La ligne n'est pas en UTF-8."
    assert une("[" * 100_000)["erreur"]["message"] == "La ligne est trop imbriquée."
    assert une("[NaN]")["erreur"]["message"] == "NaN n'est pas du JSON."
    assert une("[1,]")["erreur"]["message"].startswith("La ligne n'est pas du JSON (caractère ")


def test_un_texte_cite_reste_court_et_visible() -> None:
    assert citer("validé") == "validé"
    assert citer("a\u2028\x00\ud800b") == "a\ufffd\ufffd\ufffdb"
    assert citer("x" * 200) == "x" * 200
    assert citer("x" * 201) == "x" * 200 + "…"
    assert len(une({"criteres": {"K" * 100_000: "valide"}})["erreur"]["message"]) < 300


def test_une_ligne_en_erreur_n_empeche_pas_les_autres() -> None:
    code, reponses, erreur = lancer('{"id":1,"criteres":{}}\nzut\n{"id":3,"criteres":{}}\n')
    assert (code, erreur) == (3, "")
    assert [("erreur" in reponse, reponse["id"]) for reponse in reponses] == [(False, 1), (True, None), (False, 3)]
    assert lancer("zut\n")[0] == 3


def test_une_marque_utf8_en_tete_de_fichier_est_admise_et_ailleurs_refusee() -> None:
    marque = b"\xef\xbb\xbf"
    ligne = b'{"criteres":{}}\n'
    assert lancer(marque + ligne)[0] == 0
    assert lancer(marque) == (0, [], "")
    code, reponses, _ = lancer(ligne + marque + ligne)
    assert (code, reponses[1]["erreur"]["code"]) == (3, "json_illisible")


# --- Contre l'oracle. ---


def lignes_au_hasard(graine: int, combien: int) -> Iterator[dict[str, Any]]:
    hasard = random.Random(graine)
    for rang in range(combien):
        poids = hasard.choice([(1, 1, 1), (9, 1, 0), (30, 1, 1), (97, 2, 1), (5, 5, 0), (200, 1, 0), (1, 0, 1)])
        choisis = hasard.sample(CODES, hasard.choice([0, 1, 20, 60, 73, 73, 73, 73]))
        ligne: dict[str, Any] = {"id": rang}
        etats = dict(zip(choisis, hasard.choices(ETATS, poids, k=len(choisis)), strict=True))
        if hasard.random() < 0.15:
            blocs = hasard.sample(list(ARBRE), hasard.randint(1, 4))
            ligne["blocs"] = blocs
            etats = {code: etat for code, etat in etats.items() if f"B{code[1]}" in blocs}
        if hasard.random() < 0.15:
            ligne["blocs_acquis"] = dict.fromkeys(hasard.sample(list(ARBRE), hasard.randint(0, 4)), "equivalence")
        if hasard.random() < 0.5:
            ligne["referentiel"] = REFERENTIEL
        ligne["criteres"] = etats
        yield ligne


def test_des_milliers_de_lignes_au_hasard() -> None:
    lignes = list(lignes_au_hasard(2021, 4_000))
    code, reponses, _ = lancer("\n".join(map(json.dumps, lignes)))
    assert (code, len(reponses)) == (0, len(lignes))
    for ligne, reponse in zip(lignes, reponses, strict=True):
        attendue = oracle_verdict.verdict(ARBRE, ligne["criteres"], ligne.get("blocs"), ligne.get("blocs_acquis"))
        assert reponse == {"id": ligne["id"], **attendue}


def test_un_critere_change_autour_du_seuil() -> None:
    """Chaque critère manqué seul, puis chaque paire du bloc 1 : c'est là que se jouent les 80 %."""
    paires = [{a, b} for a in CODES[:30] for b in CODES[:30]] + [{code} for code in CODES]
    lignes = [{"id": None, "criteres": {k: "non_valide" if k in p else "valide" for k in CODES}} for p in paires]
    _, reponses, _ = lancer("\n".join(map(json.dumps, lignes)))
    for ligne, reponse in zip(lignes, reponses, strict=True):
        assert reponse == {"id": None, **oracle_verdict.verdict(ARBRE, ligne["criteres"])}  # type: ignore[arg-type]


def test_la_memoire_videe_ne_change_rien(monkeypatch: pytest.MonkeyPatch) -> None:
    texte = "\n".join(map(json.dumps, lignes_au_hasard(7, 300)))
    attendu = lancer(texte)
    monkeypatch.setattr(memoire, "SITUATIONS_MAXIMALES", 3)
    assert lancer(texte) == attendu


def test_la_reponse_de_memoire_est_celle_de_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    texte = "\n".join(map(json.dumps, lignes_au_hasard(8, 300)))
    attendu = lancer(texte)
    monkeypatch.setattr(verdict.reponse.Repondeur, "_de_memoire", lambda _self, _ligne: None)
    assert lancer(texte) == attendu


def test_une_cle_en_double_est_vue_meme_par_la_lecture_rapide() -> None:
    """Toutes les places d'un double dans une ligne pleine, que la lecture rapide compte au lieu de comparer."""
    paires = [f'"{code}":"valide"' for code in CODES]
    for rang in range(0, len(CODES), 6):
        doublee = ",".join([*paires, paires[rang]])
        assert refus(f'{{"id":"x","criteres":{{{doublee}}}}}') == ("x", "cle_en_double")
    assert refus('{"id":1,"id":"a","criteres":{}}') == (None, "cle_en_double")
    assert refus('{"referentiel":"cqp-cos@2021","criteres":{},"referentiel":"cqp-cos@2021"}') == (None, "cle_en_double")


# --- Le programme et les flux. ---


def test_lire_un_fichier(tmp_path: Path) -> None:
    fichier = tmp_path / "grilles à juger.jsonl"
    fichier.write_text('{"id":1,"criteres":{}}\n', encoding="utf-8")
    code, reponses, erreur = lancer("ignorée", str(fichier))
    assert (code, [reponse["id"] for reponse in reponses], erreur) == (0, [1], "")


def test_le_tiret_lit_l_entree_et_un_nom_qui_commence_par_un_tiret_s_ouvre_apres_deux_tirets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "-x").write_text('{"id":2,"criteres":{}}\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert [r["id"] for r in lancer('{"id":1,"criteres":{}}', "-")[1]] == [1]
    assert [r["id"] for r in lancer("", "--", "-x")[1]] == [2]


@pytest.mark.parametrize("nom", ["absent.jsonl", ".", "nul\0"])
def test_un_fichier_qui_ne_s_ouvre_pas(nom: str, tmp_path: Path) -> None:
    code, reponses, erreur = lancer("", str(tmp_path / nom))
    assert (code, reponses) == (2, [])
    assert erreur.startswith(f"Le fichier « {tmp_path / nom} » ne s'ouvre pas : ")


@pytest.mark.parametrize("mots", [("a", "b"), ("--inconnue",), ("-x",), ("-", "-")])
def test_une_commande_mal_ecrite(mots: tuple[str, ...]) -> None:
    code, reponses, erreur = lancer("", *mots)
    assert (code, reponses) == (2, [])
    assert erreur == f"Commande mal écrite : {' '.join(mots)}\nEssayez : parchemin verdict --help\n"


@pytest.mark.parametrize("mot", ["-h", "--help"])
def test_l_aide_est_en_francais(mot: str) -> None:
    sortie = io.BytesIO()
    assert executer([mot], io.BytesIO(), sortie, io.StringIO()) == 0
    aide = sortie.getvalue().decode()
    assert aide.startswith("parchemin verdict [FICHIER|-]\n")
    for code in ("json_illisible", "cle_en_double", "referentiel_inconnu", "bloc_inconnu", "critere_inconnu",
                 "critere_hors_blocs", "etat_inconnu", "forme"):  # fmt: skip
        assert code in aide


def test_un_referentiel_livre_abime_se_dit(monkeypatch: pytest.MonkeyPatch) -> None:
    def abime(_nom: str) -> object:
        raise FichierInvalide(("norme.blocs : cette valeur manque.",))

    monkeypatch.setattr(verdict.reponse, "charger_norme", abime)
    assert lancer('{"criteres":{}}') == (
        2,
        [],
        "Un référentiel livré avec le programme est abîmé :\nnorme.blocs : cette valeur manque.\n",
    )


class _Casse(io.BytesIO):
    """Une entrée qui donne une ligne, puis casse."""

    def __init__(self, panne: BaseException) -> None:
        super().__init__(b'{"id":1,"criteres":{}}\n')
        self._panne = panne

    def read1(self, taille: int | None = -1, /) -> bytes:
        lu = super().read1(taille)
        if not lu:
            raise self._panne
        return lu


@pytest.mark.parametrize(
    ("panne", "code", "erreur"),
    [
        (KeyboardInterrupt(), 130, ""),
        (
            OSError(5, "panne de disque"),
            2,
            "L'entrée ne se lit plus, ou la sortie ne s'écrit plus : panne de disque.\n",
        ),
    ],
    ids=["clavier", "disque"],
)
def test_une_entree_interrompue_garde_ce_qui_est_repondu(panne: BaseException, code: int, erreur: str) -> None:
    sortie, dite = io.BytesIO(), io.StringIO()
    assert executer([], _Casse(panne), sortie, dite) == code
    assert (json.loads(sortie.getvalue())["id"], dite.getvalue()) == (1, erreur)


def test_une_ligne_plus_longue_que_le_tampon() -> None:
    ligne = json.dumps({"id": "x" * 300_000, "criteres": {}})
    code, reponses, _ = lancer(f"{ligne}\n{ligne}")
    assert (code, [len(reponse["id"]) for reponse in reponses]) == (0, [300_000, 300_000])


def test_les_lignes_coupees_n_importe_ou_par_le_tampon(monkeypatch: pytest.MonkeyPatch) -> None:
    texte = "\n".join(map(json.dumps, lignes_au_hasard(9, 30)))
    attendu = lancer(texte)
    for taille in (1, 7, 100):
        monkeypatch.setattr(verdict, "TAILLE_DE_LECTURE", taille)
        assert lancer(texte) == attendu


def programme(**flux: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "parchemin", "verdict"], **flux)


def test_le_programme_repond_ligne_a_ligne_sans_attendre_la_fin() -> None:
    """Qui envoie une ligne et attend sa réponse la reçoit : pas d'attente croisée."""
    with programme(stdin=subprocess.PIPE, stdout=subprocess.PIPE) as p:
        entree, sortie = _flux(p.stdin), _flux(p.stdout)
        for rang in range(3):
            entree.write(b'{"id":%d,"criteres":{}}\n' % rang)
            entree.flush()
            assert json.loads(sortie.readline())["id"] == rang
        entree.close()
        assert p.wait(10) == 0


def test_un_lecteur_qui_part_ne_fait_pas_de_bruit() -> None:
    with programme(stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as p:
        entree, sortie = _flux(p.stdin), _flux(p.stdout)
        entree.write(b'{"id":1,"criteres":{}}\n')
        entree.flush()
        sortie.readline()
        sortie.close()
        with suppress(BrokenPipeError):
            for _ in range(200):
                entree.write(b'{"id":1,"criteres":{}}\n' * 20)
                entree.flush()
                time.sleep(0.001)
        with suppress(BrokenPipeError):
            entree.close()
        assert p.wait(10) == 141
        assert _flux(p.stderr).read() == b""


def test_une_interruption_au_clavier_s_arrete_proprement() -> None:
    with programme(stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as p:
        entree, sortie = _flux(p.stdin), _flux(p.stdout)
        entree.write(b'{"id":1,"criteres":{}}\n')
        entree.flush()
        assert json.loads(sortie.readline())["id"] == 1
        p.send_signal(signal.SIGINT)
        assert p.wait(10) == 130
        assert b"Traceback" not in _flux(p.stderr).read()


def test_ni_django_ni_base_de_donnees() -> None:
    """La commande n'importe ni Django ni psycopg : elle répond là où ils ne sont pas installés."""
    essai = (
        "import io, sys\n"
        "for nom in ('django', 'psycopg', 'numpy'): sys.modules[nom] = None\n"
        "from parchemin.commandes.verdict import executer\n"
        "sortie = io.BytesIO()\n"
        "code = executer([], io.BytesIO(b'{\"criteres\":{}}'), sortie, sys.stderr)\n"
        "print(code, len(sortie.getvalue()) > 1000)"
    )
    vu = subprocess.run([sys.executable, "-c", essai], capture_output=True, text=True, check=True, env=dict(os.environ))
    assert (vu.stdout, vu.stderr) == ("0 True\n", "")


def _flux(flux: IO[bytes] | None) -> IO[bytes]:
    assert flux is not None
    return flux
