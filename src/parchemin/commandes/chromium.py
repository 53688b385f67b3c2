"""Trouver un Chromium qui marche, ou en installer un."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

NOMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def trouver() -> str | None:
    """Le chemin d'un Chromium qui répond : celui de `PARCHEMIN_CHROMIUM`, du système, ou de Playwright."""
    for chemin in (os.environ.get("PARCHEMIN_CHROMIUM"), *map(shutil.which, NOMS), *APPLICATIONS):
        if chemin and _marche(chemin):
            return chemin
    chemin = _de_playwright()
    return chemin if chemin and _marche(chemin) else None


def installer(erreur: TextIO) -> str | None:
    """Installe Chromium (paquet du système en root, sinon Playwright) et rend son chemin, ou `None`."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        erreur.write("Installation de Chromium (apt-get)…\n")
        _lancer(["apt-get", "update", "-q"], erreur)
        _lancer(["apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium"], erreur)
        if chemin := trouver():
            return chemin
    erreur.write("Installation de Chromium (Playwright)…\n")
    dependances = ["--with-deps"] if os.geteuid() == 0 else []
    _lancer([sys.executable, "-m", "playwright", "install", *dependances, "chromium"], erreur)
    return trouver()


def expliquer() -> str:
    """Que faire quand rien n'a marché."""
    return (
        "Aucun Chromium ici, et il n'a pas pu être installé : les tests du navigateur ne peuvent pas passer.\n"
        "Sur Debian : sudo apt-get install chromium. Ailleurs : installez Chromium ou Chrome, ou dites où il est avec\n"
        "PARCHEMIN_CHROMIUM=/chemin. Sans lui : ./parchemin test --sans-navigateur\n"
    )


def _marche(chemin: str) -> bool:
    if not Path(chemin).exists():
        return False
    try:
        return subprocess.run([chemin, "--version"], capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _de_playwright() -> str | None:
    """Le Chromium téléchargé par Playwright, s'il y en a un."""
    demande = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as p: print(p.chromium.executable_path)"
    )
    try:
        fait = subprocess.run([sys.executable, "-c", demande], capture_output=True, text=True, timeout=60, check=False)
    except subprocess.TimeoutExpired:
        return None
    return fait.stdout.strip() or None


def _lancer(commande: Sequence[str], erreur: TextIO) -> None:
    erreur.flush()
    environnement = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(commande, stdin=subprocess.DEVNULL, stdout=2, env=environnement, check=False)
