"""Lire la matrice : ce qui est mal écrit ne passe pas en silence."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from outils import droits

ECRITE = """titre: Un essai
essai:
  acte: Essayer
  voir:
    ouvre: [les autres]
"""


def _dossier(tmp_path: Path, legende: str = "", essai: str = ECRITE) -> Path:
    shutil.copy(droits.DOSSIER / "_legende.yaml", tmp_path)
    with (tmp_path / "_legende.yaml").open("a", encoding="utf-8") as fichier:
        fichier.write(legende)
    (tmp_path / "essai.yaml").write_text(essai, encoding="utf-8")
    return tmp_path


def test_une_matrice_bien_ecrite_se_lit(tmp_path: Path) -> None:
    assert [adresse.nom for adresse in droits.lire(_dossier(tmp_path))] == ["essai"]


@pytest.mark.parametrize(
    ("legende", "essai"),
    [
        ("\nsans attendu: [comptes:modifier]\n", ECRITE),
        ("", ECRITE.replace("ouvre", "entrouvre")),
        ("", ECRITE.replace("[les autres]", "[gestionnaire]")),
        ("", ECRITE.replace("[les autres]", "[les autres, un inconnu]")),
        ("", ECRITE + "    interdit: [gestionnaire, gestionnaires]\n"),
        ("", ECRITE + "essai:\n  acte: Encore\n  voir: {ouvre: [les autres]}\n"),
        ("", ECRITE + "  autres: peut-être\n"),
        ("", "titre: Un essai\nessai:\n  acte: Sans face\n"),
    ],
    ids=["dispense", "issue", "oublié", "inconnu", "deux fois", "double", "autres", "sans face"],
)
def test_une_matrice_mal_ecrite_est_refusee(tmp_path: Path, legende: str, essai: str) -> None:
    with pytest.raises(droits.MatriceMalEcrite):
        droits.lire(_dossier(tmp_path, legende, essai))
