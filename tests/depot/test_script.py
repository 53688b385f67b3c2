"""Le script `parchemin` : ce qu'il installe, quand, et ce qu'il dit quand il ne peut pas.

Un faux Python note ce qu'on lui demande : ni réseau, ni vraie installation. La vraie est dans `.ci/run`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "parchemin"

FAUX_PYTHON = """#!/bin/sh
# Un Python de théâtre. Les vérifications de version réussissent, `-m venv` copie ce fichier, pip apporte un faux uv.
case "$1 $2" in
    "-c "*flock*) exec "$VRAI_PYTHON" "$@" ;;
    "-c "*) exit 0 ;;
    "-m venv")
        echo "venv" >>"$NOTES"
        mkdir -p "$4/bin" && cp "$0" "$4/bin/python" ;;
    "-m pip")
        echo "pip uv" >>"$NOTES"
        cp "$FAUX_UV" "$(dirname "$0")/uv" ;;
    "-m parchemin")
        [ -z "${PYTHONDONTWRITEBYTECODE:-}" ] || echo "sans code compilé" >>"$NOTES"
        shift 2
        printf 'parchemin'; printf ' <%s>' "$@"; printf '\\n' ;;
esac
"""
FAUX_UV = """#!/bin/sh
sleep "${UV_LENT:-0}"
case "$*" in
    *"pip sync"*requirements-dev.lock) echo "sync dev" >>"$NOTES" ;;
    *"pip sync"*) echo "sync serveur" >>"$NOTES" ;;
    *"pip install"*) echo "en place" >>"$NOTES" ;;
esac
exit "${UV_ECHEC:-0}"
"""
CASSE = "#!/bin/sh\necho 'command not found' >&2\nexit 127\n"
COMPLETE = ["venv", "pip uv", "sync serveur", "en place"]


@dataclass
class Depot:
    """Une copie du dépôt, réduite à ce que lit le script."""

    racine: Path
    chemin: Path
    notes: Path

    def lancer(self, *mots: str, dossier: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
        """Lance le script et attend sa fin."""
        return subprocess.run(
            [str(self.racine / "parchemin"), *mots],
            env=self.environnement(**variables),
            cwd=dossier or "/",
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def environnement(self, **variables: str) -> dict[str, str]:
        """Un PATH sans autre Python que le faux."""
        faux = {"NOTES": str(self.notes), "FAUX_UV": str(self.chemin / "faux-uv"), "VRAI_PYTHON": sys.executable}
        return {"PATH": str(self.chemin), "HOME": str(self.chemin)} | faux | variables

    def fait(self) -> list[str]:
        """Ce que le script a demandé depuis la dernière fois."""
        lignes = self.notes.read_text().splitlines() if self.notes.exists() else []
        self.notes.unlink(missing_ok=True)
        return lignes


def _ecrire(fichier: Path, contenu: str) -> None:
    fichier.write_text(contenu)
    fichier.chmod(0o755)


@pytest.fixture(params=["dash", "bash", "sh"])
def depot(tmp_path: Path, request: pytest.FixtureRequest) -> Depot:
    """Le dépôt est dans un dossier au nom difficile ; le sh qui lit le script varie."""
    shell = shutil.which(request.param)
    if shell is None:
        pytest.skip(f"{request.param} n'est pas installé")
    racine, chemin = tmp_path / "l'été à Béziers", tmp_path / "bin"
    racine.mkdir()
    chemin.mkdir()
    _ecrire(racine / "parchemin", SCRIPT.read_text(encoding="utf-8").replace("#!/bin/sh", f"#!{shell}", 1))
    for nom in ("requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        (racine / nom).write_text(nom)
    for outil in ("cat", "cksum", "cp", "dirname", "mkdir", "mv", "readlink", "rm", "sed", "sh", "sleep", "uname"):
        (chemin / outil).symlink_to(str(shutil.which(outil)))
    _ecrire(chemin / "faux-uv", FAUX_UV)
    _ecrire(chemin / "python3.13", CASSE)  # un gestionnaire de versions laisse de tels leurres
    _ecrire(chemin / "python3.12", FAUX_PYTHON)
    return Depot(racine, chemin, tmp_path / "notes")


def test_premiere_fois_puis_centieme(depot: Depot) -> None:
    fait = depot.lancer("demo", "--port", "8001", "deux mots", "")
    assert (fait.returncode, fait.stdout) == (0, "parchemin <demo> <--port> <8001> <deux mots> <>\n")
    assert depot.fait() == COMPLETE
    encore = depot.lancer("demo")
    assert (encore.returncode, encore.stdout, encore.stderr) == (0, "parchemin <demo>\n", "")
    assert depot.fait() == []


def test_la_sortie_ne_porte_que_celle_du_programme(depot: Depot) -> None:
    fait = depot.lancer("demo", "--comptes", "--json")
    assert fait.stdout == "parchemin <demo> <--comptes> <--json>\n"
    assert "installation de ce que nomme requirements.lock" in fait.stderr


def test_le_code_compile_se_garde_meme_ou_l_image_l_interdit(depot: Depot) -> None:
    depot.lancer("demo", PYTHONDONTWRITEBYTECODE="1")
    assert depot.fait() == COMPLETE


@pytest.mark.parametrize("verbe", ["test", "verifier", "prouver", "mesurer"])
def test_les_verbes_de_developpement_installent_le_verrou_de_developpement(depot: Depot, verbe: str) -> None:
    depot.lancer(verbe)
    assert depot.fait() == ["venv", "pip uv", "sync dev", "en place"]


def test_une_demo_apres_un_test_ne_retire_rien(depot: Depot) -> None:
    depot.lancer("test")
    depot.fait()
    depot.lancer("demo")
    assert depot.fait() == []
    (depot.racine / "requirements.lock").write_text("changé")
    depot.lancer("demo")
    assert depot.fait() == ["sync dev", "en place"]


def test_un_test_apres_une_demo_ajoute_ce_qui_manque(depot: Depot) -> None:
    depot.lancer("demo")
    depot.fait()
    depot.lancer("test")
    assert depot.fait() == ["sync dev", "en place"]


def test_une_installation_interrompue_se_refait(depot: Depot) -> None:
    fait = depot.lancer("demo", UV_ECHEC="2")
    assert (fait.returncode, fait.stdout) == (1, "")
    assert "relancez la même commande" in fait.stderr
    depot.fait()
    assert depot.lancer("demo").stdout == "parchemin <demo>\n"
    assert depot.fait() == COMPLETE


def test_tuee_en_pleine_installation_elle_se_refait(depot: Depot) -> None:
    essai = subprocess.Popen(
        [str(depot.racine / "parchemin"), "demo"],
        env=depot.environnement(UV_LENT="5"),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    limite = time.monotonic() + 20
    while not (depot.racine / ".venv" / "bin" / "uv").exists() and time.monotonic() < limite:
        time.sleep(0.02)
    time.sleep(0.2)
    os.killpg(essai.pid, 9)
    essai.communicate()
    depot.fait()
    assert depot.lancer("demo").returncode == 0
    assert depot.fait() == COMPLETE


def test_un_venv_a_moitie_fait_se_refait(depot: Depot) -> None:
    (depot.racine / ".venv" / "bin").mkdir(parents=True)
    _ecrire(depot.racine / ".venv" / "bin" / "python", CASSE)
    assert depot.lancer("demo").returncode == 0
    assert depot.fait() == COMPLETE


def test_un_dossier_deplace_se_refait(depot: Depot) -> None:
    depot.lancer("demo")
    depot.fait()
    ailleurs = depot.racine.with_name("ailleurs")
    depot.racine.rename(ailleurs)
    depot.racine = ailleurs
    assert depot.lancer("demo").returncode == 0
    assert depot.fait() == COMPLETE


def test_deux_premieres_fois_a_la_fois_n_installent_qu_une_fois(depot: Depot) -> None:
    lances = [
        subprocess.Popen(
            [str(depot.racine / "parchemin"), "demo"],
            env=depot.environnement(UV_LENT="0.5"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    rendus = [lance.communicate(timeout=60) for lance in lances]
    assert [sortie for sortie, _ in rendus] == ["parchemin <demo>\n"] * 2
    assert depot.fait() == COMPLETE
    assert [erreur for _, erreur in rendus if "une autre installation est en cours" in erreur] != []


def test_par_un_lien_et_depuis_un_autre_dossier(depot: Depot, tmp_path: Path) -> None:
    (tmp_path / "liens").mkdir()
    (tmp_path / "liens" / "p").symlink_to(Path("..") / depot.racine.name / "parchemin")
    (tmp_path / "p2").symlink_to(tmp_path / "liens" / "p")
    # fmt: off
    fait = subprocess.run(
        [str(tmp_path / "p2"), "verdict", "grilles.jsonl"], env=depot.environnement(), cwd=tmp_path,
        capture_output=True, text=True, check=False,
    )
    # fmt: on
    assert fait.stdout == "parchemin <verdict> <grilles.jsonl>\n"
    assert (depot.racine / ".venv" / "parchemin-installe").is_file()


def test_un_python_designe_l_emporte(depot: Depot, tmp_path: Path) -> None:
    (depot.chemin / "python3.12").rename(tmp_path / "mon python")
    assert depot.lancer("demo", PARCHEMIN_PYTHON=str(tmp_path / "mon python")).returncode == 0
    assert depot.fait() == COMPLETE


def test_un_python_range_par_pyenv_est_trouve(depot: Depot) -> None:
    rangement = depot.chemin / ".pyenv" / "versions" / "3.13.0" / "bin"
    rangement.mkdir(parents=True)
    (depot.chemin / "python3.12").rename(rangement / "python3")
    assert depot.lancer("demo").returncode == 0
    assert depot.fait() == COMPLETE


@pytest.mark.parametrize(
    ("gestionnaire", "conseil"),
    [("apt-get", "sudo apt-get install python3 python3-venv"), ("dnf", "sudo dnf install python3.13")],
)
def test_sans_python_le_paquet_a_installer_est_dit(depot: Depot, gestionnaire: str, conseil: str) -> None:
    (depot.chemin / "python3.12").unlink()
    _ecrire(depot.chemin / gestionnaire, "#!/bin/sh\n")
    if any(Path(f"/usr/local/bin/python3.1{mineure}").exists() for mineure in (2, 3, 4)):
        pytest.skip("un Python est rangé dans /usr/local/bin, où le script regarde aussi")
    fait = depot.lancer("demo")
    assert (fait.returncode, fait.stdout, depot.fait()) == (1, "", [])
    assert f"Sur ce système : {conseil}\n" in fait.stderr
    assert "relancez la même commande" in fait.stderr
    assert not (depot.racine / ".venv").exists()


def test_en_dernier_recours_uv_apporte_un_python(depot: Depot) -> None:
    (depot.chemin / "python3.12").rename(depot.chemin / "reserve")
    _ecrire(
        depot.chemin / "uv",
        '#!/bin/sh\necho "uv venv" >>"$NOTES"\nfor d; do :; done\nmkdir -p "$d/bin"\n'
        f'cp "{depot.chemin}/reserve" "$d/bin/python"\n',
    )
    if any(Path(f"/usr/local/bin/python3.1{mineure}").exists() for mineure in (2, 3, 4)):
        pytest.skip("un Python est rangé dans /usr/local/bin, où le script regarde aussi")
    assert depot.lancer("demo").stdout == "parchemin <demo>\n"
    assert depot.fait() == ["uv venv", "pip uv", "sync serveur", "en place"]
