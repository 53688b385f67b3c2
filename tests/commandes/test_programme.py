"""Le programme `parchemin` : aide, fautes de frappe, codes de sortie."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from parchemin.commandes import COMMANDES, main
from tests.commandes.outillage import PROGRAMME, parchemin


def test_sans_mot_l_aide(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    aide = capsys.readouterr().out
    assert aide.startswith("usage : parchemin COMMANDE [options]\n")
    assert [ligne.split()[0] for ligne in aide.splitlines() if ligne.startswith("  ")] == list(COMMANDES)


def test_un_mot_inconnu_propose_le_plus_proche(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verifer"]) == 2
    assert capsys.readouterr().err == "Commande inconnue : « verifer ». Vouliez-vous dire « verifier » ?\n"


def test_un_mot_inconnu_sans_proche(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["xyz"]) == 2
    assert capsys.readouterr().err == "Commande inconnue : « xyz ». Les commandes : parchemin --help\n"


@pytest.mark.parametrize("commande", sorted(set(COMMANDES) - {"gerer", "prouver", "mesurer"}))
def test_chaque_commande_a_son_aide_en_francais(commande: str, tmp_path: Path) -> None:
    fait = parchemin(commande, "--help", donnees=tmp_path / "donnees")
    assert (fait.returncode, fait.stderr) == (0, "")
    assert f"parchemin {commande}" in fait.stdout
    for anglais in ("usage:", "show this help", "positional arguments", "optional arguments"):
        assert anglais not in fait.stdout
    assert not (tmp_path / "donnees").exists()


@pytest.mark.parametrize(
    ("mots", "dit"),
    [
        (["demo", "--prot", "3"], "option inconnue : --prot 3"),
        (["demo", "--port", "abc"], "--port : « abc » ne convient pas"),
        (["demo", "--port", "70000"], "--port : « 70000 » ne convient pas"),
        (["demo", "--port"], "--port attend une valeur"),
        (["demo", "--json"], "--json ne va qu'avec --comptes"),
        (["serveur", "--processus", "0"], "--processus : « 0 » ne convient pas"),
        (["installer", "--nom", "x"], "il manque : --prenom, --courriel"),
    ],
)
def test_une_commande_mal_ecrite(mots: list[str], dit: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as sortie:
        main(mots)
    assert sortie.value.code == 2
    erreur = capsys.readouterr().err
    assert erreur.splitlines()[0].startswith(f"usage : parchemin {mots[0]}")
    assert erreur.splitlines()[-1] == f"parchemin {mots[0]} : {dit}"


def test_verdict_et_referentiel_ne_chargent_ni_django_ni_la_base() -> None:
    programme = """
import sys
from parchemin.commandes import main
sys.stdin.close; main(["verdict", "--help"]); main(["referentiel", "--help"])
print(sorted({"django", "psycopg", "granian", "procrastinate"} & set(sys.modules)))
"""
    fait = subprocess.run([sys.executable, "-c", programme], capture_output=True, text=True, check=True)
    assert fait.stdout.splitlines()[-1] == "[]"


def test_un_serveur_qui_repart_n_attend_pas_ce_dont_il_se_sert_rarement() -> None:
    """Après une chute, chaque dixième de seconde est une grille qui attend : classeurs et calendriers se chargent à l'usage."""
    programme = """
import sys
from parchemin.config.wsgi import application
from django.urls import get_resolver
get_resolver().url_patterns
print(sorted({"openpyxl", "numpy", "icalendar", "weasyprint", "ortools"} & set(sys.modules)), bool(application))
"""
    fait = subprocess.run([sys.executable, "-c", programme], capture_output=True, text=True, check=True)
    assert fait.stdout.splitlines()[-1] == "[] True"


def test_le_lecteur_parti_ne_fait_pas_de_trace(tmp_path: Path) -> None:
    """`parchemin --help | head -0` : la sortie se ferme avant d'être lue."""
    fait = subprocess.run(
        ["/bin/sh", "-c", '"$@" | true', "sh", *PROGRAMME, "verdict", "--help"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert fait.stderr == ""


def test_une_base_injoignable_se_dit_sans_trace(tmp_path: Path) -> None:
    fait = parchemin("demo", "--no-serve", donnees=tmp_path, DATABASE_URL="postgresql://nulle@127.0.0.1:1/part")
    assert fait.returncode == 1
    assert fait.stderr.startswith("La base de données ne répond pas : ")
    assert "Traceback" not in fait.stderr


def test_une_adresse_qui_n_est_pas_postgresql(tmp_path: Path) -> None:
    fait = parchemin("demo", "--no-serve", donnees=tmp_path, DATABASE_URL="sqlite:///x")
    assert fait.returncode == 1
    assert "Parchemin ne parle qu'à PostgreSQL" in fait.stderr
    assert "Traceback" not in fait.stderr
