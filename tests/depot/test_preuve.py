"""La preuve du moteur se note par son contenu exact : l'intégration continue la refait dès qu'il change."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from outils import prouver


def _git(dossier: Path, *mots: str) -> str:
    identite = ["-c", "user.name=essai", "-c", "user.email=essai@caisse.example"]
    return subprocess.run(["git", *identite, *mots], cwd=dossier, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def depot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Un dépôt qui n'a qu'un moteur d'une ligne."""
    (tmp_path / "moteur").mkdir()
    (tmp_path / "outils").mkdir()
    (tmp_path / "moteur" / "regle.py").write_text("SEUIL = 4\n")
    (tmp_path / "outils" / "prouver.py").write_text("")
    _git(tmp_path, "init", "-q")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "-q", "-m", "essai")
    monkeypatch.setattr(prouver, "RACINE", tmp_path)
    monkeypatch.setattr(prouver, "PREUVE", tmp_path / "outils" / "preuve.txt")
    return tmp_path


def test_une_preuve_entiere_note_le_contenu_exact(depot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prouver, "ETAPES", {"enumeration": lambda: True, "mutation": lambda: True})
    assert prouver.main([]) == 0
    attendue = _git(depot, "rev-parse", "HEAD:moteur", "HEAD:outils/prouver.py")
    assert (depot / "outils" / "preuve.txt").read_text() == attendue


@pytest.mark.parametrize(("etapes", "mutation"), [([], False), (["enumeration"], True)])
def test_une_preuve_manquee_ou_partielle_ne_note_rien(
    depot: Path, monkeypatch: pytest.MonkeyPatch, etapes: list[str], mutation: bool
) -> None:
    monkeypatch.setattr(prouver, "ETAPES", {"enumeration": lambda: True, "mutation": lambda: mutation})
    prouver.main(etapes)
    assert not (depot / "outils" / "preuve.txt").exists()


def test_un_moteur_modifie_sans_etre_depose_ne_se_note_pas(depot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prouver, "ETAPES", {"enumeration": lambda: True, "mutation": lambda: True})
    (depot / "moteur" / "regle.py").write_text("SEUIL = 3\n")
    assert prouver.main([]) == 0
    assert not (depot / "outils" / "preuve.txt").exists()
