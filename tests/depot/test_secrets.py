"""Aucun secret dans le dépôt : ni clé privée, ni jeton, ni mot de passe de production."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

RACINE = Path(__file__).resolve().parents[2]
FORMES = {
    "clé privée": re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{40,}"),
    "jeton d'un hébergeur de code": re.compile(r"\b(?:gh[pousr]_|glpat-|github_pat_)[A-Za-z0-9_]{20,}"),
    "clé d'un nuage": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "jeton signé": re.compile(r"\beyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}"),
    "base avec son mot de passe": re.compile(r"postgres(?:ql)?://[^\s:/@]+:(?!\*|motdepasse|mot-de-passe|secret)[^\s@]{6,}@(?!localhost|base|127)"),
    "clé du site": re.compile(r"""SECRET_KEY\s*=\s*["'][A-Za-z0-9_\-+/=]{32,}["']"""),
}  # fmt: skip


def fichiers() -> list[Path]:
    """Les fichiers suivis, textes seulement."""
    noms = subprocess.run(["git", "ls-files", "-z"], cwd=RACINE, capture_output=True, check=True).stdout.split(b"\0")
    return [RACINE / nom.decode() for nom in noms if nom]


def secrets_de(texte: str) -> list[str]:
    return [quoi for quoi, forme in FORMES.items() if forme.search(texte)]


def test_aucun_fichier_suivi_ne_porte_de_secret() -> None:
    trouves = {}
    for fichier in fichiers():
        try:
            texte = fichier.read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue
        if fichier != Path(__file__) and (secrets := secrets_de(texte)):
            trouves[str(fichier.relative_to(RACINE))] = secrets
    assert trouves == {}


@pytest.mark.parametrize(
    ("texte", "quoi"),
    [
        ("-----BEGIN PRIVATE KEY-----\n" + "A" * 64, "clé privée"),
        ("-----BEGIN RSA PRIVATE KEY-----\n" + "A" * 64, "clé privée"),
        ("ghp_" + "a1" * 18, "jeton d'un hébergeur de code"),
        ("AKIA" + "A1" * 8, "clé d'un nuage"),
        ("eyJ" + "a" * 30 + ".eyJ" + "b" * 30 + "." + "c" * 30, "jeton signé"),
        ("postgresql://web:Tr0ub4dour@db.exemple.fr/parchemin", "base avec son mot de passe"),
        ('SECRET_KEY = "' + "k" * 50 + '"', "clé du site"),
    ],
)
def test_chaque_forme_de_secret_serait_vue(texte: str, quoi: str) -> None:
    assert secrets_de(texte) == [quoi]
