"""Une lecture n'écrit pas : les seules exceptions se lisent ici, une à une, et une de plus se discute."""

from __future__ import annotations

import re
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[2] / "src" / "parchemin"


def test_les_ecritures_assumees_en_lecture_sont_comptees() -> None:
    appels = {
        str(fichier.relative_to(SOURCES)): len(re.findall(r"with ecriture_assumee\(\)", fichier.read_text("utf-8")))
        for fichier in sorted(SOURCES.rglob("*.py"))
        if "ecriture_assumee" in fichier.read_text("utf-8") and "tests" not in fichier.parts
    }
    assert appels == {"comptes/views/acces.py": 2, "comptes/views/identite.py": 1, "socle/gardes.py": 0}
