"""La base embarquée : des processus tués pour de vrai, des traces de coupure, des dossiers difficiles."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from parchemin.embarque import identite, postgres, processus, verrous
from parchemin.embarque.erreurs import EmbarqueImpossible
from parchemin.embarque.postgres import Connexion, base_embarquee, parametres_connexion

USAGER = """
import signal, sys, time
from pathlib import Path
from parchemin.embarque.postgres import base_embarquee
def sortir(*_): raise SystemExit(143)
signal.signal(signal.SIGTERM, sortir)
with base_embarquee(Path(sys.argv[1])):
    print("pret", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def dossier(tmp_path: Path) -> Iterator[Path]:
    """Un dossier de données ; si le test échoue en route, rien ne reste derrière lui."""
    lieu = tmp_path / "donnees"
    yield lieu
    for fichier in tmp_path.rglob("postmaster.pid"):
        pid = _pid(fichier)
        if pid and processus.travaille_dans(pid, fichier.parent):
            os.kill(pid, signal.SIGQUIT)


@pytest.fixture(scope="module")
def modele(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Une base faite par la création ordinaire, arrêtée."""
    lieu = tmp_path_factory.mktemp("modele")
    with base_embarquee(lieu):
        pass
    return lieu / "postgres" / "18"


@pytest.fixture
def deja_creee(dossier: Path, modele: Path) -> None:
    """Le dossier contient déjà une base : une copie du modèle, là où la création n'est pas ce qu'on regarde."""
    (dossier / "postgres").mkdir(parents=True)
    subprocess.run(["cp", "-a", modele, dossier / "postgres" / "18"], check=True)


deja_faite = pytest.mark.usefixtures("deja_creee")


def _pid(fichier: Path) -> int:
    lignes = fichier.read_text().splitlines()
    return int(lignes[0]) if lignes else 0


def _serveur(dossier: Path) -> int:
    """Le processus du serveur qui tourne sur ce dossier, 0 s'il n'y en a pas."""
    fichier = dossier / "postgres" / "18" / "postmaster.pid"
    pid = _pid(fichier) if fichier.exists() else 0
    return pid if pid and processus.travaille_dans(pid, fichier.parent) else 0


def _usager(dossier: Path, **variables: str) -> subprocess.Popen[str]:
    """Un autre programme qui se sert de la base, et la tient jusqu'à ce qu'on ferme son entrée."""
    usager = subprocess.Popen(
        [sys.executable, "-c", USAGER, str(dossier)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | variables,
    )
    assert usager.stdout is not None
    assert usager.stdout.readline() == "pret\n"
    return usager


def _finir(usager: subprocess.Popen[str], signal_: int | None = None) -> int:
    if signal_ is not None:
        usager.send_signal(signal_)
    assert usager.stdin is not None
    assert usager.stdout is not None
    usager.stdin.close()
    usager.stdout.close()
    return usager.wait(timeout=30)


def _executer(connexion: Connexion, requete: str) -> list[tuple[object, ...]]:
    with psycopg.connect(connexion.url(), autocommit=True) as base:
        curseur = base.execute(requete)
        return curseur.fetchall() if curseur.description else []


def test_les_donnees_restent_d_un_usage_a_l_autre_et_rien_ne_tourne_entre_les_deux(dossier: Path) -> None:
    with base_embarquee(dossier) as connexion:
        _executer(connexion, "CREATE TABLE t AS SELECT 'Œuvrard' AS nom")
    assert _serveur(dossier) == 0
    with base_embarquee(dossier) as connexion:
        assert _executer(connexion, "SELECT nom FROM t") == [("Œuvrard",)]
    assert _serveur(dossier) == 0


@deja_faite
def test_rien_n_ecoute_hors_d_une_socket_fermee_aux_autres(dossier: Path) -> None:
    with base_embarquee(dossier) as connexion:
        assert _executer(connexion, "SHOW listen_addresses") == [("",)]
        socket = Path(connexion.host)
        assert (socket.stat().st_mode & 0o777, socket.stat().st_uid) == (0o700, os.geteuid())
        assert ((socket / ".s.PGSQL.5432").stat().st_mode & 0o777) == 0o700


@deja_faite
def test_le_journal_technique_ne_dit_aucune_valeur(dossier: Path) -> None:
    with base_embarquee(dossier) as connexion:
        _executer(connexion, "CREATE TABLE t (nom text UNIQUE)")
        _executer(connexion, "INSERT INTO t VALUES ('Abel Secret')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            _executer(connexion, "INSERT INTO t VALUES ('Abel Secret')")
    trace = (dossier / "postgres" / "postgres.log").read_text()
    assert "duplicate key value" in trace
    assert "Abel" not in trace


def test_les_parametres_se_calculent_sans_serveur(dossier: Path) -> None:
    avant = parametres_connexion(dossier)
    with base_embarquee(dossier) as connexion:
        assert avant == {"HOST": connexion.host, "PORT": "5432", "USER": "parchemin", "NAME": "parchemin"}


@pytest.mark.parametrize("nom", ["deux mots", "élève d'août", 'des "guillemets", une virgule', "x" * 200])
def test_un_dossier_au_nom_difficile(tmp_path: Path, dossier: Path, nom: str) -> None:
    with base_embarquee(tmp_path / nom) as connexion:
        assert _executer(connexion, "SELECT 1") == [(1,)]
        assert len(os.fsencode(connexion.host) + b"/.s.PGSQL.5432") <= 103


def test_un_dossier_temporaire_long_ou_aux_signes_difficiles(
    dossier: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("t" * 120)
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    assert parametres_connexion(dossier)["HOST"].startswith("/tmp/parchemin-")
    monkeypatch.setattr(tempfile, "tempdir", "/tmp/une, deux")  # la bibliothèque cliente y lirait deux adresses
    assert parametres_connexion(dossier)["HOST"].startswith("/tmp/parchemin-")
    with tempfile.TemporaryDirectory(dir="/tmp", prefix="l'été \"") as difficile:
        monkeypatch.setattr(tempfile, "tempdir", difficile)
        with base_embarquee(dossier) as connexion:
            assert Path(connexion.host).parent == Path(difficile)
            assert _executer(connexion, "SELECT 1") == [(1,)]


@deja_faite
def test_les_variables_pg_de_l_appelant_ne_comptent_pas(dossier: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for nom, valeur in {
        "PGPORT": "1",
        "PGDATABASE": "autre",
        "PGUSER": "autre",
        "PGOPTIONS": "-c nimporte=quoi",
    }.items():
        monkeypatch.setenv(nom, valeur)
    monkeypatch.delenv("PGOPTIONS")
    with base_embarquee(dossier) as connexion:
        assert _executer(connexion, "SELECT current_database()::text, current_user::text") == [
            ("parchemin", "parchemin")
        ]


# --- plusieurs usagers ------------------------------------------------------------------------------------------------


@deja_faite
def test_deux_usagers_un_seul_serveur_et_le_dernier_l_arrete(dossier: Path) -> None:
    premier = _usager(dossier)
    pid = _serveur(dossier)
    second = _usager(dossier)
    assert _serveur(dossier) == pid
    assert _finir(premier) == 0
    assert _serveur(dossier) == pid
    assert _finir(second) == 0
    assert _serveur(dossier) == 0
    assert not processus.vivant(pid)


def test_deux_demarrages_a_la_fois_sur_un_dossier_neuf(dossier: Path) -> None:
    commande = [sys.executable, "-c", USAGER, str(dossier)]
    usagers = [subprocess.Popen(commande, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    for usager in usagers:
        assert usager.stdout is not None
        assert usager.stdout.readline() == "pret\n"
    assert [pid for pid in processus.tous_dans(dossier / "postgres" / "18") if pid == _serveur(dossier)] != []
    assert [_finir(usager) for usager in usagers] == [0, 0, 0]
    assert _serveur(dossier) == 0


@deja_faite
def test_deux_usages_emboites_dans_le_meme_processus(dossier: Path) -> None:
    with base_embarquee(dossier) as dehors:
        with base_embarquee(dossier) as dedans:
            assert dedans == dehors
        assert _executer(dehors, "SELECT 1") == [(1,)]
    assert _serveur(dossier) == 0


@deja_faite
def test_un_enfant_ne_de_fork_n_arrete_pas_la_base_de_son_parent(dossier: Path) -> None:
    programme = """
import os, sys
from pathlib import Path
from parchemin.embarque.postgres import base_embarquee
try:
    with base_embarquee(Path(sys.argv[1])) as connexion:
        enfant = os.fork()
        if enfant == 0:
            raise SystemExit(0)
        os.waitpid(enfant, 0)
        import psycopg
        print(psycopg.connect(connexion.url()).execute("SELECT 1").fetchone()[0])
except SystemExit:
    os._exit(0)
"""
    fait = subprocess.run([sys.executable, "-c", programme, dossier], capture_output=True, text=True, check=False)
    assert (fait.stdout, fait.stderr) == ("1\n", "")
    assert _serveur(dossier) == 0


# --- tués -------------------------------------------------------------------------------------------------------------


@deja_faite
def test_sigterm_arrete_le_serveur(dossier: Path) -> None:
    usager = _usager(dossier)
    pid = _serveur(dossier)
    assert _finir(usager, signal.SIGTERM) == 143
    assert not processus.vivant(pid)


@deja_faite
def test_un_serveur_laisse_par_un_programme_tue_est_adopte_puis_arrete(dossier: Path) -> None:
    usager = _usager(dossier)
    pid = _serveur(dossier)
    _finir(usager, signal.SIGKILL)
    assert _serveur(dossier) == pid
    with base_embarquee(dossier) as connexion:
        assert _serveur(dossier) == pid
        assert _executer(connexion, "SELECT 1") == [(1,)]
    assert not processus.vivant(pid)


@deja_faite
def test_serveur_et_programme_tues_la_base_se_repare(dossier: Path) -> None:
    with base_embarquee(dossier) as connexion:
        _executer(connexion, "CREATE TABLE t AS SELECT 7 AS n")
    usager = _usager(dossier)
    os.kill(_serveur(dossier), signal.SIGKILL)
    _finir(usager, signal.SIGKILL)
    with base_embarquee(dossier) as connexion:
        assert _executer(connexion, "SELECT n FROM t") == [(7,)]


@deja_faite
def test_le_serveur_seul_tue_sous_un_usager_le_suivant_le_releve(dossier: Path) -> None:
    usager = _usager(dossier)
    tue = _serveur(dossier)
    os.kill(tue, signal.SIGKILL)
    with base_embarquee(dossier) as connexion:
        assert _executer(connexion, "SELECT 1") == [(1,)]
        assert _serveur(dossier) != tue
    assert _serveur(dossier) != 0  # l'usager le tient encore
    _finir(usager)
    assert _serveur(dossier) == 0


@pytest.fixture
def etranger() -> Iterator[int]:
    """Un processus vivant qui n'a rien à voir avec la base."""
    dormeur = subprocess.Popen(["sleep", "60"])
    yield dormeur.pid
    dormeur.kill()
    dormeur.wait()


@deja_faite
def test_un_postmaster_pid_qui_nomme_un_processus_etranger(dossier: Path, etranger: int) -> None:
    """Après une coupure de courant, ou dans un conteneur relancé, le même numéro est à quelqu'un d'autre."""
    usager = _usager(dossier)
    serveur, socket = _serveur(dossier), Path(parametres_connexion(dossier)["HOST"])
    pid_ecrit = (dossier / "postgres" / "18" / "postmaster.pid").read_text()
    verrou_ecrit = (socket / ".s.PGSQL.5432.lock").read_text()
    _finir(usager)
    (dossier / "postgres" / "18" / "postmaster.pid").write_text(pid_ecrit.replace(str(serveur), str(etranger), 1))
    (socket / ".s.PGSQL.5432.lock").write_text(verrou_ecrit.replace(str(serveur), str(etranger), 1))
    with base_embarquee(dossier) as connexion:
        assert _executer(connexion, "SELECT 1") == [(1,)]
    assert processus.vivant(etranger)


@deja_faite
@pytest.mark.parametrize("contenu", ["", "\n", "pas un nombre\n"])
def test_un_postmaster_pid_vide_ou_abime(dossier: Path, contenu: str) -> None:
    with base_embarquee(dossier):
        pass
    (dossier / "postgres" / "18" / "postmaster.pid").write_text(contenu)
    with base_embarquee(dossier) as connexion:
        assert _executer(connexion, "SELECT 1") == [(1,)]


def test_une_creation_interrompue_recommence(dossier: Path) -> None:
    moitie = dossier / "postgres" / "18.en-cours" / "base"
    moitie.mkdir(parents=True)
    (moitie.parent / "PG_VERSION").write_text("18\n")
    with base_embarquee(dossier) as connexion:
        assert _executer(connexion, "SELECT 1") == [(1,)]
    assert sorted(lieu.name for lieu in (dossier / "postgres").iterdir() if lieu.is_dir()) == ["18"]


@deja_faite
def test_un_dossier_deplace_sous_un_serveur_oublie(dossier: Path, tmp_path: Path) -> None:
    usager = _usager(dossier)
    ancien = _serveur(dossier)
    _finir(usager, signal.SIGKILL)
    deplace = tmp_path / "ailleurs"
    dossier.rename(deplace)
    with base_embarquee(deplace) as connexion:
        assert _executer(connexion, "SELECT 1") == [(1,)]
        assert not processus.vivant(ancien)


@pytest.fixture
def autre_tmp() -> Iterator[Path]:
    """Un autre dossier temporaire, au nom court : l'adresse d'une socket est limitée."""
    with tempfile.TemporaryDirectory(dir="/tmp") as lieu:
        yield Path(lieu)


@deja_faite
def test_un_serveur_oublie_dans_un_autre_dossier_temporaire_est_remplace(dossier: Path, autre_tmp: Path) -> None:
    usager = _usager(dossier, TMPDIR=str(autre_tmp))
    ancien = _serveur(dossier)
    _finir(usager, signal.SIGKILL)
    with base_embarquee(dossier) as connexion:
        assert _executer(connexion, "SELECT 1") == [(1,)]
        assert not processus.vivant(ancien)


@deja_faite
def test_un_serveur_utilise_depuis_un_autre_dossier_temporaire_est_respecte(dossier: Path, autre_tmp: Path) -> None:
    usager = _usager(dossier, TMPDIR=str(autre_tmp))
    ancien = _serveur(dossier)
    with pytest.raises(EmbarqueImpossible) as impossible, base_embarquee(dossier):
        pass
    assert impossible.value.code == "serveur_d_un_autre"
    assert str(ancien) in impossible.value.message
    assert _serveur(dossier) == ancien
    _finir(usager)


# --- impossibles ------------------------------------------------------------------------------------------------------


def _code(dossier: Path) -> tuple[str, str]:
    with pytest.raises(EmbarqueImpossible) as impossible, base_embarquee(dossier):
        pass
    return impossible.value.code, impossible.value.message


def test_un_dossier_ou_l_on_ne_peut_pas_ecrire(tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("")
    code, message = _code(tmp_path / "fichier" / "donnees")
    assert code == "dossier_interdit"
    assert "PARCHEMIN_DONNEES" in message


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="/proc : un dossier où même root ne peut pas écrire")
def test_un_dossier_en_lecture_seule_meme_pour_root() -> None:
    assert _code(Path("/proc/parchemin"))[0] == "dossier_interdit"


def test_un_verrou_tenu_trop_longtemps_dit_par_qui(dossier: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "ATTENTE_VERROU", 0.2)
    (dossier / "postgres").mkdir(parents=True)
    with verrous.exclusif(dossier / "postgres" / "demarrage.lock", secondes=1):
        code, message = _code(dossier)
    assert code == "verrou_pris"
    assert f"(processus {os.getpid()})" in message


def test_des_donnees_d_une_autre_version(dossier: Path) -> None:
    base = dossier / "postgres" / "18"
    base.mkdir(parents=True)
    (base / "PG_VERSION").write_text("17\n")
    code, message = _code(dossier)
    assert code == "version_differente"
    assert "PostgreSQL 17" in message
    base.rename(dossier / "postgres" / "17")
    assert _code(dossier)[0] == "version_differente"


def test_un_dossier_qui_n_est_pas_une_base(dossier: Path) -> None:
    base = dossier / "postgres" / "18"
    base.mkdir(parents=True)
    (base / "photo.jpg").write_text("")
    assert _code(dossier)[0] == "dossier_interdit"
    (base / "photo.jpg").unlink()
    with base_embarquee(dossier) as connexion:
        assert _executer(connexion, "SELECT 1") == [(1,)]


def test_un_dossier_de_socket_prepare_par_un_autre(dossier: Path, tmp_path: Path) -> None:
    socket = Path(parametres_connexion(dossier)["HOST"])
    piege = tmp_path / "piege"
    piege.mkdir()
    socket.symlink_to(piege)
    try:
        assert _code(dossier)[0] == "socket_d_un_autre"
    finally:
        socket.unlink()


@deja_faite
def test_un_demarrage_qui_echoue_dit_ou_est_le_detail(dossier: Path) -> None:
    with base_embarquee(dossier):
        pass
    (dossier / "postgres" / "18" / "postgresql.conf").write_text("max_connections = beaucoup\n")
    code, message = _code(dossier)
    assert code == "demarrage_echoue"
    assert str(dossier / "postgres" / "postgres.log") in message
    assert _serveur(dossier) == 0


def test_sans_les_binaires(dossier: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda nom: None)
    code, message = _code(dossier)
    assert code == "binaires_absents"
    assert "DATABASE_URL" in message


# --- en root, sans espace de noms -------------------------------------------------------------------------------------

root_seulement = pytest.mark.skipif(os.geteuid() != 0, reason="ne concerne que root")


@root_seulement
def test_en_root_sans_espace_de_noms_un_compte_existant_porte_la_base(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identite, "espace_de_noms_permis", lambda: False)
    with tempfile.TemporaryDirectory(dir="/var/tmp") as ouvert:
        Path(ouvert).chmod(0o755)
        dossier = Path(ouvert) / "donnees"
        dossier.mkdir(mode=0o755)
        try:
            with base_embarquee(dossier) as connexion:
                assert _executer(connexion, "SELECT 1") == [(1,)]
                assert (dossier / "postgres" / "18").stat().st_uid != 0
        except EmbarqueImpossible as impossible:
            if impossible.code == "compte_impossible" and "pginstall18" in impossible.message:
                pytest.skip("l'environnement Python est fermé aux autres comptes")
            raise
        # l'espace de noms redevenu possible, le propriétaire du dossier décide encore
        monkeypatch.undo()
        with base_embarquee(dossier) as connexion:
            assert _executer(connexion, "SELECT 1") == [(1,)]
        assert _serveur(dossier) == 0


@root_seulement
def test_en_root_sans_espace_de_noms_un_dossier_ferme_est_dit(dossier: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identite, "espace_de_noms_permis", lambda: False)
    code, message = _code(dossier)  # sous tmp_path, que pytest ferme aux autres
    assert code == "compte_impossible"
    assert "/var/lib/parchemin" in message


@deja_faite
def test_l_attente_reste_courte(dossier: Path) -> None:
    """Entrer quand le serveur tourne déjà ne coûte presque rien : chaque commande le fait."""
    usager = _usager(dossier)
    debut = time.monotonic()
    with base_embarquee(dossier):
        pass
    duree = time.monotonic() - debut
    _finir(usager)
    assert duree < 1.0
