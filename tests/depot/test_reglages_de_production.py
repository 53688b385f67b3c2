"""Les réglages de production, lus comme l'application les lit, dans un processus neuf."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

LIRE = """
import json, sys
from parchemin.config import settings as s
noms = json.loads(sys.argv[1])
print(json.dumps({nom: getattr(s, nom) for nom in noms}))
"""
ATTENDUS = {
    "DEBUG": False,
    "SESSION_COOKIE_NAME": "__Host-session",
    "CSRF_COOKIE_NAME": "__Host-csrf",
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "SESSION_COOKIE_HTTPONLY": True,
    "CSRF_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 31_536_000,
    "PASSWORD_HASHERS": ["parchemin.comptes.mots_de_passe.Argon2"],
    "PARCHEMIN_JOURNAL_NIVEAU": "INFO",
}


def lire(dossier: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Les réglages, dans l'environnement donné et lui seul."""
    communes = {nom: os.environ[nom] for nom in ("PATH", "HOME") if nom in os.environ}
    return subprocess.run(
        [sys.executable, "-c", LIRE, json.dumps(sorted(ATTENDUS))],
        env=communes | {"PARCHEMIN_ENV": "production", "PARCHEMIN_DONNEES": str(dossier), **variables},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_la_production_est_fermee(tmp_path: Path) -> None:
    fait = lire(tmp_path, SECRET_KEY="k" * 64, ALLOWED_HOSTS="parchemin.exemple.fr")
    assert json.loads(fait.stdout) == ATTENDUS


@pytest.mark.parametrize("manque", ["SECRET_KEY"])
def test_sans_cle_elle_ne_demarre_pas(tmp_path: Path, manque: str) -> None:
    fait = lire(tmp_path, ALLOWED_HOSTS="parchemin.exemple.fr")
    assert (fait.returncode, manque in fait.stderr) == (1, True)
