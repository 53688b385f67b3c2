"""`parchemin demo` et `installer`, pour de vrai : une base à elles, des signaux, un port pris."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from parchemin.embarque.postgres import base_embarquee
from tests.commandes.outillage import PROGRAMME, arreter, attendre, parchemin, port_libre, serveurs_de, variables

pytestmark = pytest.mark.lent

REGLAGES = {"SECRET_KEY": "k3Z-qa8_Lw0xVb7Tn5Rj2Hs9Yd4Mc6Fp1Gu" * 2, "ALLOWED_HOSTS": "parchemin.exemple.fr"}
ADA = ("--prenom", "Ada", "--nom", "Œuvrard", "--courriel", "ada@exemple.fr")


@pytest.fixture(scope="module")
def donnees(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Une démonstration préparée, commune aux tests de ce fichier."""
    dossier = tmp_path_factory.mktemp("démo d'essai") / "données"
    fait = parchemin("demo", "--no-serve", donnees=dossier)
    assert (fait.returncode, fait.stdout) == (0, "")
    assert fait.stderr == "Création de la base…\nComposition de la cohorte…\nLa démonstration est prête.\n"
    return dossier


@pytest.fixture
def servie(donnees: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """La démonstration, servie ; et son port."""
    port = port_libre()
    # fmt: off
    programme = subprocess.Popen(
        [*PROGRAMME, "demo", "--port", str(port)], env=variables(donnees), text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )
    # fmt: on
    assert programme.stdout is not None
    assert programme.stderr is not None
    assert programme.stdout.readline() == "\n"
    assert programme.stdout.readline() == f"Parchemin est là : http://localhost:{port}/\n"
    yield programme, port
    if programme.poll() is None:
        programme.kill()
        programme.wait()
    programme.stdout.close()
    programme.stderr.close()
    assert attendre(lambda: serveurs_de(donnees) == [])


def test_preparer_deux_fois_ne_refait_rien(donnees: Path) -> None:
    fait = parchemin("demo", "--no-serve", donnees=donnees)
    assert (fait.returncode, fait.stderr) == (0, "La démonstration est prête.\n")
    assert serveurs_de(donnees) == []


def test_les_comptes_en_json_et_rien_d_autre(donnees: Path) -> None:
    fait = parchemin("demo", "--comptes", "--json", donnees=donnees)
    comptes = json.loads(fait.stdout)
    assert (fait.returncode, fait.stderr) == (0, "")
    quatre = frozenset({"courriel", "mot_de_passe", "role", "a_voir"})
    assert {frozenset(compte) for compte in comptes} == {quatre, quatre | {"totp"}}
    assert len({compte["courriel"] for compte in comptes}) == len(comptes) >= 25


def test_servie_sur_cette_machine_seulement_puis_arretee(
    donnees: Path, servie: tuple[subprocess.Popen[str], int]
) -> None:
    programme, port = servie
    with urllib.request.urlopen(f"http://localhost:{port}/", timeout=10) as page:
        assert page.status == 200
        assert b"Parchemin" in page.read()
    assert _ecoutes(port) == {"0100007F"}
    assert arreter(programme) == 143
    assert serveurs_de(donnees) == []
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"http://localhost:{port}/", timeout=2)


def _ecoutes(port: int) -> set[str]:
    """Les adresses, en hexadécimal, où quelqu'un écoute sur ce port ; 0100007F est 127.0.0.1."""
    if not Path("/proc/net/tcp").exists():
        pytest.skip("sans /proc, les adresses d'écoute ne se lisent pas")
    lignes = [ligne.split() for nom in ("tcp", "tcp6") for ligne in Path("/proc/net", nom).read_text().splitlines()[1:]]
    return {ligne[1].split(":")[0] for ligne in lignes if ligne[3] == "0A" and int(ligne[1].split(":")[1], 16) == port}


def test_tuee_elle_ne_laisse_rien_derriere_elle(donnees: Path, servie: tuple[subprocess.Popen[str], int]) -> None:
    programme, port = servie
    assert serveurs_de(donnees) != []
    arreter(programme, signal.SIGKILL)
    assert attendre(lambda: serveurs_de(donnees) == [])
    assert attendre(lambda: _ecoutes(port) == set())


def test_le_worker_tue_la_demonstration_s_arrete_et_le_dit(
    donnees: Path, servie: tuple[subprocess.Popen[str], int]
) -> None:
    programme, _ = servie
    enfants = Path(f"/proc/{programme.pid}/task/{programme.pid}/children").read_text().split()
    worker = [pid for pid in enfants if b"worker" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    os.kill(int(worker[0]), signal.SIGKILL)
    assert programme.wait(timeout=10) == 1
    assert programme.stderr is not None
    assert "Le worker s'est arrêté sans qu'on le lui demande" in programme.stderr.read()


def test_pendant_le_service_ni_remise_a_zero_ni_second_serveur(
    donnees: Path, servie: tuple[subprocess.Popen[str], int]
) -> None:
    _, port = servie
    fait = parchemin("demo", "--reset", "--no-serve", donnees=donnees)
    assert (fait.returncode, fait.stderr) == (
        1,
        "La démonstration tourne : arrêtez-la (Ctrl-C) avant de la remettre à zéro.\n",
    )
    fait = parchemin("demo", "--port", str(port), donnees=donnees)
    assert fait.returncode == 1
    assert fait.stderr.startswith(
        f"Le port {port} est déjà pris par un autre programme. Essayez : ./parchemin demo --port "
    )


def test_un_port_pris_se_dit_avant_toute_preparation(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as autre:
        fait = parchemin("demo", "--port", str(autre.getsockname()[1]), donnees=tmp_path / "donnees")
    assert fait.returncode == 1
    assert not (tmp_path / "donnees").exists()


def test_une_base_non_marquee_est_refusee_intacte(tmp_path: Path) -> None:
    with base_embarquee(tmp_path / "ailleurs") as connexion:
        with psycopg.connect(connexion.url(), autocommit=True) as base:
            base.execute("CREATE TABLE clients AS SELECT 'précieux' AS nom")
        for mots in (["--no-serve"], ["--reset", "--no-serve"]):
            fait = parchemin("demo", *mots, donnees=tmp_path / "donnees", DATABASE_URL=connexion.url())
            assert fait.returncode == 1
            assert fait.stderr.startswith("Cette base n'est pas marquée « démonstration »")
        with psycopg.connect(connexion.url()) as base:
            tables = base.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert tables == [("clients",)]
    assert not (tmp_path / "donnees" / "postgres").exists()  # avec DATABASE_URL, rien d'embarqué


def test_remettre_a_zero_efface_et_refait(donnees: Path) -> None:
    def compter(connexion: psycopg.Connection) -> int:
        ligne = connexion.execute("SELECT count(*) FROM comptes_personne").fetchone()
        return int(ligne[0]) if ligne else 0

    with base_embarquee(donnees) as connexion:
        with psycopg.connect(connexion.url(), autocommit=True) as base:
            avant = compter(base)
            base.execute("CREATE TABLE temoin AS SELECT 1 AS n")
        fait = parchemin("demo", "--reset", "--no-serve", donnees=donnees)
        assert fait.returncode == 0
        assert fait.stderr.splitlines()[0] == "Remise à zéro…"
        with psycopg.connect(connexion.url()) as base:
            assert base.execute("SELECT to_regclass('temoin')").fetchone() == (None,)
            assert compter(base) == avant > 0


# --- installer --------------------------------------------------------------------------------------------------------


def test_installer_dit_tous_les_reglages_qui_manquent_et_ne_fait_rien(tmp_path: Path) -> None:
    fait = parchemin("installer", *ADA, donnees=tmp_path / "donnees", ALLOWED_HOSTS="*", SECRET_KEY="a" * 60)
    assert fait.returncode == 1
    assert [ligne.split(" :")[0] for ligne in fait.stderr.splitlines()] == [
        "✗ SECRET_KEY",
        "✗ ALLOWED_HOSTS",
        "Rien n'a été fait. Corrigez ces réglages (docs/installation.md), puis relancez la commande.",
    ]
    assert not (tmp_path / "donnees" / "postgres").exists()


def test_une_vraie_installation_puis_la_meme_encore(tmp_path: Path) -> None:
    fait = parchemin("installer", *ADA, donnees=tmp_path, **REGLAGES)
    assert (fait.returncode, fait.stderr) == (0, "")
    assert "\n  https://parchemin.exemple.fr/comptes/invitation/" in fait.stdout
    encore = parchemin("installer", *ADA, donnees=tmp_path, **REGLAGES)
    assert encore.returncode == 0
    assert encore.stdout.endswith("✓ Un administrateur est déjà nommé (lien perdu ? relancez avec --nouveau-lien)\n")
    demo = parchemin("demo", "--no-serve", donnees=tmp_path)
    assert demo.returncode == 1
    assert demo.stderr.startswith("Cette base n'est pas marquée « démonstration »")


def test_installer_refuse_une_base_de_demonstration(donnees: Path) -> None:
    fait = parchemin("installer", *ADA, donnees=donnees, **REGLAGES)
    assert (fait.returncode, fait.stderr) == (
        1,
        "Cette base est marquée « démonstration » : elle ne peut pas servir à autre chose.\n",
    )


def test_le_serveur_de_production_dit_le_reglage_qui_manque(tmp_path: Path) -> None:
    fait = parchemin("serveur", "--port", str(port_libre()), donnees=tmp_path)
    assert fait.returncode == 1
    assert fait.stderr.startswith("Réglage manquant : SECRET_KEY")
    assert "Traceback" not in fait.stderr
