"""`docs/installation.md` parle de chaque variable que les réglages lisent, et d'aucune qui n'existe plus."""

from __future__ import annotations

import re
from pathlib import Path

RACINE = Path(__file__).resolve().parents[2]
PAGE = (RACINE / "docs" / "installation.md").read_text(encoding="utf-8")
LECTURE = re.compile(r"""(?:environ\.get\(|environ\[|_liste\(|environ\.pop\()\s*"([A-Z_]+)""")
LIGNE_DU_TABLEAU = re.compile(r"^\| `([A-Z_]+)` \|", re.MULTILINE)
INTERNES = {"DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE"}
LUES_PAR = ("src/parchemin/config/settings.py", "src/parchemin/embarque/dossiers.py")


def test_chaque_variable_lue_est_decrite_et_chaque_variable_decrite_est_lue() -> None:
    lues = {nom for fichier in LUES_PAR for nom in LECTURE.findall((RACINE / fichier).read_text(encoding="utf-8"))}
    assert sorted(LIGNE_DU_TABLEAU.findall(PAGE)) == sorted(lues - INTERNES - {"XDG_DATA_HOME"})
