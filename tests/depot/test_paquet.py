"""Un seul paquet, dans un environnement vide : tout y est, et il tourne."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

import pytest

from tests.commandes.outillage import arreter, port_libre, serveurs_de

pytestmark = pytest.mark.lent

RACINE = Path(__file__).resolve().parents[2]
UV = Path(sys.executable).with_name("uv")


@pytest.fixture(scope="module")
def paquet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Le paquet, fait comme le ferait `uv build --wheel`."""
    dossier = tmp_path_factory.mktemp("paquet")
    # fmt: off
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(dossier)],
        cwd=RACINE, check=True, capture_output=True,
    )
    # fmt: on
    (fait,) = dossier.iterdir()
    return fait


@pytest.fixture(scope="module")
def installe(paquet: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Le dossier `bin` d'un environnement qui n'a que le verrou de service et le paquet."""
    if not UV.exists():
        pytest.skip("uv n'est pas dans cet environnement : ./parchemin l'y met")
    venv = tmp_path_factory.mktemp("vide") / "venv"
    variables = {nom: valeur for nom, valeur in os.environ.items() if nom not in {"UV_PYTHON", "VIRTUAL_ENV"}}

    def uv(*mots: str) -> int:
        # fmt: off
        return subprocess.run(
            [str(UV), "--quiet", *mots], env=variables, cwd=venv.parent, capture_output=True, check=False,
        ).returncode
        # fmt: on

    assert uv("venv", "--python", sys.executable, str(venv)) == 0
    python = ["--python", str(venv / "bin" / "python")]
    verrou = ["pip", "sync", *python, "--require-hashes", str(RACINE / "requirements.lock")]
    assert uv(*verrou, "--offline") == 0 or uv(*verrou) == 0
    assert uv("pip", "install", *python, "--offline", "--no-deps", str(paquet)) == 0
    return venv / "bin"


def _variables(maison: Path) -> dict[str, str]:
    return {"HOME": str(maison), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}


def test_tout_ce_que_le_depot_porte_est_dans_le_paquet(paquet: Path) -> None:
    dedans = set(zipfile.ZipFile(paquet).namelist())
    sources = {
        str(fichier.relative_to(RACINE / "src"))
        for fichier in (RACINE / "src" / "parchemin").rglob("*")
        if fichier.is_file() and "__pycache__" not in fichier.parts
    }
    sources |= {
        str(fichier.relative_to(RACINE / "moteur" / "src")) for fichier in (RACINE / "moteur" / "src").rglob("*.py")
    }
    sources |= {
        f"parchemin/{fichier.relative_to(RACINE)}"
        for fichier in (RACINE / "donnees" / "referentiels").rglob("*")
        if fichier.is_file()
    }
    assert sorted(sources - dedans) == []
    assert {nom.split("/")[0].split("-")[0] for nom in dedans} == {"parchemin", "moteur"}


def test_verdict_depuis_le_paquet(installe: Path, tmp_path: Path) -> None:
    fait = subprocess.run(
        [str(installe / "parchemin"), "verdict"],
        input='{"id": "a1", "criteres": {"K1.1.1": "valide"}}\n',
        env=_variables(tmp_path),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (fait.returncode, fait.stderr) == (0, "")
    assert json.loads(fait.stdout)["certification"]["blocs_manquants"] == ["B1", "B2", "B3", "B4"]
    assert list(tmp_path.iterdir()) == []


def test_le_moteur_est_celui_du_paquet(installe: Path, tmp_path: Path) -> None:
    # fmt: off
    fait = subprocess.run(
        [str(installe / "python"), "-c", "import moteur, parchemin; print(moteur.__file__, parchemin.__file__)"],
        env=_variables(tmp_path), cwd=tmp_path, capture_output=True, text=True, check=True,
    )
    # fmt: on
    lieux = [Path(lieu) for lieu in fait.stdout.split()]
    assert [lieu.is_relative_to(installe.parent) for lieu in lieux] == [True, True]


def test_la_demonstration_depuis_le_paquet(installe: Path, tmp_path: Path) -> None:
    """Les données vont dans `~/.local/share/parchemin` ; pages et fichiers statiques viennent du paquet."""
    port = port_libre()
    # fmt: off
    programme = subprocess.Popen(
        [str(installe / "parchemin"), "demo", "--port", str(port)], env=_variables(tmp_path), cwd=tmp_path, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )
    # fmt: on
    try:
        assert programme.stdout is not None
        programme.stdout.readline()
        if programme.stdout.readline() != f"Parchemin est là : http://localhost:{port}/\n":
            pytest.fail(programme.communicate()[1])
        with urllib.request.urlopen(f"http://localhost:{port}/", timeout=20) as reponse:
            adresse, page = reponse.url, reponse.read().decode()
        feuilles = re.findall(r'<link[^>]+href="([^"]+\.css[^"]*)"', page)
        assert feuilles != []
        for feuille in feuilles:
            with urllib.request.urlopen(urllib.parse.urljoin(adresse, feuille), timeout=20) as reponse:
                assert (reponse.status, reponse.headers["Content-Type"].split(";")[0]) == (200, "text/css")
    finally:
        arreter(programme)
        programme.communicate()
    donnees = tmp_path / ".local" / "share" / "parchemin"
    assert (donnees / "postgres" / "18" / "PG_VERSION").is_file()
    assert serveurs_de(donnees) == []
    assert [lieu.name for lieu in tmp_path.iterdir()] == [".local"]
