"""Un petit échantillon de la campagne « hors ligne », à graine fixe, et ce qui permet d'y croire : elle voit les fautes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from mesures.campagne import conduite
from mesures.campagne.conduite import Journal, compte_rendu, rendre_les_reprises
from mesures.campagne.modele import grille_naive
from mesures.campagne.navigateur import Geste, _admis
from mesures.campagne.registre import Bilan, comparer

RACINE = Path(__file__).resolve().parents[2]


@pytest.mark.navigateur
def test_un_echantillon_ne_perd_rien_n_invente_rien_ne_fond_rien(tmp_path: Path) -> None:
    commande = [sys.executable, "-m", "mesures", "--campagne", "hors-ligne", "--json", "--graine", "4"]
    bornes = ["--essais-navigateur", "4", "--essais-protocole", "200", "--journal", str(tmp_path / "essais.jsonl")]
    environ = {cle: valeur for cle, valeur in os.environ.items() if cle not in {"DATABASE_URL", "PARCHEMIN_ENV"}}
    passe = subprocess.run(
        [*commande, *bornes], cwd=RACINE, env=environ, capture_output=True, text=True, timeout=1_200, check=False
    )
    mesures = {mesure["nom"]: mesure["valeur"] for mesure in json.loads(passe.stdout)}
    comptes = {nom: valeur for nom, valeur in mesures.items() if not nom.startswith("chute")}
    assert (comptes, passe.stderr) == (
        {
            "essais, navigateur": 4,
            "essais, protocole": 200,
            "faits perdus": 0,
            "faits inventés": 0,
            "fusions silencieuses": 0,
            "autres écarts (écran, réponse, délai)": 0,
        },
        "",
    )


def test_le_modele_naif_voit_ce_qui_est_corrige_et_ce_qui_attend_une_personne() -> None:
    def fait(appareil: str, rang: int, valeur: str, **vus: int) -> dict[str, object]:
        return {
            "id": f"{appareil}{rang}",
            "appareil": appareil,
            "rang": rang,
            "cible": "lieu",
            "valeur": valeur,
            "vus": vus,
        }

    corrige = grille_naive([fait("a", 1, "x"), fait("b", 1, "y", a=1)])
    assert (corrige.valeurs, corrige.conflits) == ({"lieu": "y"}, frozenset())
    croises = grille_naive([fait("a", 2, "x"), fait("b", 1, "y", a=1)])
    assert (croises.valeurs, croises.conflits) == ({}, {"lieu"})


def test_la_comparaison_voit_un_fait_perdu_un_double_un_invente() -> None:
    bilan = Bilan("protocole", 0, 1)
    comparer(bilan, surs=Counter("aabc"), incertains=Counter("d"), gardes=Counter("abbdde"))
    assert (bilan.perdus, sorted(bilan.inventes), bilan.sain) == (["a", "c"], ["b", "d", "e"], False)


def test_un_geste_fait_dans_l_instant_d_une_mort_peut_manquer() -> None:
    surs = [Geste(0, "critere:K1", "valide", 0.0), Geste(0, "critere:K1", "non_valide", 1.0, sur=False)]
    assert _admis(surs) == ["valide", "non_valide"]
    assert _admis([*surs, Geste(0, "critere:K1", "non_observe", 2.0)]) == ["non_observe"]


def test_le_journal_reprend_ou_l_on_s_etait_arrete_et_oublie_une_ligne_coupee(tmp_path: Path) -> None:
    chemin = tmp_path / "essais.jsonl"
    journal = Journal(chemin, graine=1)
    for numero in (0, 1):
        journal.inscrire(Bilan("protocole", numero, 1, perdus=["a"] * numero, reprises={"base": [1.5, 6.0]}))
    with chemin.open("a") as fichier:
        fichier.write('{"genre": "protocole", "nume')
    assert Journal(chemin, graine=1).faits("protocole") == {0, 1}
    assert Journal(chemin, graine=2).faits("protocole") == set()
    rendu = compte_rendu(Journal(chemin, graine=1).bilans, {"protocole": 3})
    assert [(m.nom, m.valeur, m.tenu) for m in rendu if m.tenu is False] == [
        ("essais, protocole", 2, False),
        ("faits perdus", 1, False),
    ]
    assert [(m.nom, m.valeur, m.tenu) for m in rendu if m.nom.startswith("chute")] == [
        ("chute en pleine campagne, base", 6.0, None)
    ]


def test_une_reprise_se_juge_a_la_plus_longue() -> None:
    rendu = rendre_les_reprises({"serveur": [3.0, 5.2], "base": [2.0, 4.9], "navigateur": []})
    assert [(m.nom, m.valeur, m.tenu) for m in rendu] == [
        ("reprise après chute, serveur", 5.2, False),
        ("reprise après chute, base", 4.9, True),
    ]


def test_les_files_se_partagent_les_essais_sans_en_oublier_ni_en_doubler(tmp_path: Path, monkeypatch) -> None:
    """Deux files de protocole, une de navigateur : ensemble, chaque numéro une fois ; peu d'essais passent tous devant le même serveur."""
    lancees: list[tuple[dict[str, int], tuple[int, int]]] = []

    class Finie:
        def wait(self) -> None:
            """Rien à attendre."""

    def une_file(_journal, voulus, _graine, _limite, part):
        lancees.append((voulus, part))
        return Finie()

    monkeypatch.setattr(conduite, "_une_file", une_file)
    joues: list[dict[str, list[int]]] = []
    monkeypatch.setattr(conduite, "_jouer_ici", lambda _j, restants, *_: joues.append(restants))
    journal = Journal(tmp_path / "essais.jsonl", graine=1)
    conduite.derouler(journal, {"navigateur": 3, "protocole": 1_001}, 1, limite=0.0)
    assert lancees == [({"navigateur": 3}, (0, 1)), ({"protocole": 1_001}, (0, 2)), ({"protocole": 1_001}, (1, 2))]
    for _, part in lancees[1:]:
        conduite.derouler(journal, {"navigateur": 0, "protocole": 1_001}, 1, limite=0.0, part=part)
    assert [list(file) for file in joues] == [["protocole"], ["protocole"]]
    assert sorted(numero for file in joues for numero in file["protocole"]) == list(range(1_001))
    lancees.clear()
    joues.clear()
    conduite.derouler(journal, {"navigateur": 3, "protocole": 200}, 1, limite=0.0)
    assert (lancees, joues) == ([], [{"navigateur": list(range(3)), "protocole": list(range(200))}])
    journal.inscrire(Bilan("navigateur", 1, 1))
    conduite.derouler(journal, {"navigateur": 2, "protocole": 0}, 1, limite=0.0)
    assert (lancees, joues[1:]) == ([], [{"navigateur": [0]}])
