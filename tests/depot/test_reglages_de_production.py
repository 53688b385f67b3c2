"""Les réglages de production, lus comme l'application les lit, dans un processus neuf."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
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


def lire(dossier: Path, *noms: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Les réglages, dans l'environnement donné et lui seul."""
    communes = {nom: os.environ[nom] for nom in ("PATH", "HOME") if nom in os.environ}
    return subprocess.run(
        [sys.executable, "-c", LIRE, json.dumps(noms or sorted(ATTENDUS))],
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


def test_l_echange_dit_combien_d_envois_la_production_permet(tmp_path: Path) -> None:
    fait = lire(tmp_path, "PARCHEMIN_DEBITS", SECRET_KEY="k" * 64, ALLOWED_HOSTS="parchemin.exemple.fr")
    nombre, _, periode = json.loads(fait.stdout)["PARCHEMIN_DEBITS"]["evaluation:faits"].partition("/")
    echange = (DOCS / "echange-des-faits.md").read_text(encoding="utf-8")
    assert (periode, f"plus de {nombre} envois de faits en une minute" in echange) == ("m", True)
    assert f"`{ATTENDUS['CSRF_COOKIE_NAME']}`" in echange


def test_le_mandataire_conseille_laisse_passer_le_plus_grand_envoi() -> None:
    from parchemin.carnet.services.entrees import FICHIER_MAX
    from parchemin.evaluation.views.grille import OCTETS_MAX
    from parchemin.socle import fichiers, tableur

    conseil = re.search(r"taille des requêtes \((\d+) Mo", (DOCS / "installation.md").read_text(encoding="utf-8"))
    assert conseil
    plus_grand = max(FICHIER_MAX, OCTETS_MAX, fichiers.OCTETS_MAX, tableur.TAILLE_MAX)
    assert int(conseil[1]) * 1_000_000 > plus_grand * 1.05  # et ce qui l'entoure dans la requête
