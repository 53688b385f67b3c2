"""Où vivent les données."""

from __future__ import annotations

from pathlib import Path

import pytest

from parchemin.embarque import dossiers
from parchemin.embarque.erreurs import EmbarqueImpossible


def test_le_reglage_l_emporte(tmp_path: Path) -> None:
    assert dossiers.donnees({"PARCHEMIN_DONNEES": str(tmp_path / "ici")}) == tmp_path / "ici"


def test_un_reglage_relatif_devient_absolu(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert dossiers.donnees({"PARCHEMIN_DONNEES": "ici"}) == tmp_path / "ici"


def test_dans_un_depot_var(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(dossiers, "depot", lambda: tmp_path)
    assert dossiers.donnees({}) == tmp_path / "var"


def test_ce_depot_est_reconnu() -> None:
    racine = Path(__file__).resolve().parents[2]
    assert dossiers.depot() == racine


def test_installe_le_dossier_du_compte(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(dossiers, "depot", lambda: None)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert dossiers.donnees({}) == tmp_path / ".local" / "share" / "parchemin"
    assert dossiers.donnees({"XDG_DATA_HOME": str(tmp_path / "x")}) == tmp_path / "x" / "parchemin"
    assert dossiers.donnees({"XDG_DATA_HOME": "relatif"}) == tmp_path / ".local" / "share" / "parchemin"


def test_preparer_cree_un_dossier_ferme_et_vide(tmp_path: Path) -> None:
    dossier = dossiers.preparer(tmp_path / "a" / "b")
    assert dossier.stat().st_mode & 0o777 == 0o700
    assert list(dossier.iterdir()) == []


def test_preparer_dit_ce_qui_empeche(tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("")
    with pytest.raises(EmbarqueImpossible) as impossible:
        dossiers.preparer(tmp_path / "fichier")
    assert impossible.value.code == "dossier_interdit"
