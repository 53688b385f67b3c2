"""`docs/securite/asvs.md` ne ment pas sur ses preuves : chaque fichier cité existe, chaque exigence y est une fois."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

RACINE = Path(__file__).resolve().parents[2]
PAGE = (RACINE / "docs" / "securite" / "asvs.md").read_text(encoding="utf-8")
LIGNE = re.compile(r"^\| (\d+\.\d+\.\d+) \| (.+?) \| \*\*(oui|en partie|non)\*\* \| (.+?) \| (.*?) ?\|$", re.MULTILINE)
PAR_CHAPITRE = {
    1: 27, 2: 11, 3: 19, 4: 10, 5: 9, 6: 35, 7: 18, 8: 7, 9: 7, 10: 29, 11: 14, 12: 9, 13: 13, 14: 9, 15: 13, 16: 16, 17: 7,
}  # fmt: skip
"""Combien d'exigences de niveau 1 et 2 compte chaque chapitre de l'ASVS 5.0.0."""


def exigences() -> list[str]:
    """Les numéros de la page : ceux des tableaux, puis ceux dits sans objet."""
    sans_objet = re.findall(r"^Sans objet \(.+?\) : (.+?)\.$", PAGE, re.MULTILINE)
    return [ligne[0] for ligne in LIGNE.findall(PAGE)] + [n for suite in sans_objet for n in suite.split(", ")]


def test_chaque_exigence_y_est_une_fois() -> None:
    numeros = exigences()
    assert sorted(numero for numero, fois in Counter(numeros).items() if fois > 1) == []
    assert Counter(int(numero.split(".")[0]) for numero in numeros) == PAR_CHAPITRE


def test_chaque_preuve_citee_existe() -> None:
    cites = {chemin for ligne in LIGNE.findall(PAGE) for chemin in re.findall(r"`([^`]+)`", ligne[4])}
    assert sorted(chemin for chemin in cites if not (RACINE / chemin).is_file()) == []
    assert len(cites) > 30


def test_un_oui_a_sa_preuve() -> None:
    """Un test, ou pour ce qui est une exigence d'écrit, la page qui l'écrit."""
    sans_preuve = [
        numero
        for numero, _, etat, ou, preuve in LIGNE.findall(PAGE)
        if etat == "oui" and not preuve.strip() and "docs/securite.md" not in ou
    ]
    assert sans_preuve == []


def test_le_compte_est_juste() -> None:
    etats = Counter(ligne[2] for ligne in LIGNE.findall(PAGE))
    dits = re.search(r"\*\*Compte\*\* : (\d+) oui, (\d+) en partie, (\d+) non, (\d+) sans objet ; (\d+) en tout", PAGE)
    assert dits is not None
    total = len(exigences())
    assert tuple(map(int, dits.groups())) == (
        etats["oui"], etats["en partie"], etats["non"], total - sum(etats.values()), total
    )  # fmt: skip
