"""`parchemin verifier` : tout ce qui se vérifie sans lancer de test. Une ligne par vérification, toutes passées."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from parchemin.commandes import environnement, mots

NON_VERIFIE = 75
"""Le code d'une vérification qui n'a pas pu se faire (sans réseau) : dit, jamais compté comme un succès muet."""


@dataclass(frozen=True, slots=True)
class Verification:
    """Un nom (celui que prend `--seulement`), ce qu'elle dit, et la commande qui échoue si ce n'est pas vrai."""

    nom: str
    dit: str
    commande: tuple[str, ...]


def verifications(racine: Path) -> tuple[Verification, ...]:
    """Les vérifications du dépôt, les plus rapides d'abord."""
    python = sys.executable
    outil = str(Path(python).parent)
    gabarits = tuple(str(fichier.relative_to(racine)) for fichier in sorted(racine.glob("src/**/templates/**/*.html")))
    return (
        Verification(
            "format", "le code est mis en forme (ruff format)", (python, "-m", "ruff", "format", "--check", ".")
        ),
        Verification("lint", "le code est propre (ruff check)", (python, "-m", "ruff", "check", "--no-fix", ".")),
        Verification("djade", "les gabarits sont mis en forme (djade)", (f"{outil}/djade", "--check", *gabarits)),
        Verification(
            "djangofmt",
            "les gabarits sont mis en forme (djangofmt)",
            (f"{outil}/djangofmt", "--check", "--line-length", "120", *gabarits),
        ),
        Verification("types", "les types tiennent (mypy)", (python, "-m", "mypy")),
        Verification(
            "contrats",
            "les contrats d'import tiennent (import-linter)",
            (python, "-c", "import sys; from importlinter.cli import lint_imports_command as c; c()", "--no-logo"),
        ),
        Verification(
            "migrations",
            "aucune migration ne manque, et chaque suite est une ligne",
            (python, "outils/migrations.py"),
        ),
        Verification(
            "documents", "les documents engendrés sont à jour", (python, "outils/docs_generees.py", "--verifier")
        ),
        Verification("verrous", "les verrous sont entiers et ne nomment aucun hôte", (python, "outils/verrous.py")),
        Verification("scripts", "les scripts sont du sh de partout", (python, "outils/scripts.py")),
        Verification(
            "dependances", "aucune dépendance n'a d'avis de sécurité connu", (python, "outils/dependances.py")
        ),
    )


def executer(arguments: Sequence[str], sortie: TextIO, erreur: TextIO) -> int:
    """Passe les vérifications ; 1 si l'une échoue."""
    racine = environnement.depot()
    toutes = verifications(racine)
    noms = [verification.nom for verification in toutes]
    lecteur = mots.Lecteur("verifier", "Passe toutes les vérifications du dépôt qui ne sont pas des tests.")
    lecteur.add_argument("--seulement", choices=noms, action="append", help="ne passe que celle-ci (peut se répéter)")
    choix = mots.lire(lecteur, arguments).seulement or noms
    echecs = [
        verification
        for verification in toutes
        if verification.nom in choix and not _passer(verification, racine, sortie)
    ]
    if echecs:
        sortie.write(f"\n{len(echecs)} vérification(s) en échec : {', '.join(echec.nom for echec in echecs)}.\n")
    return int(bool(echecs))


def _passer(verification: Verification, racine: Path, sortie: TextIO) -> bool:
    debut = time.monotonic()
    sans = {"FORCE_COLOR", "MYPYPATH", "DATABASE_URL", "SECRET_KEY"}
    variables = {nom: valeur for nom, valeur in os.environ.items() if nom not in sans}
    fait = subprocess.run(
        verification.commande,
        cwd=racine,
        env=variables | {"PARCHEMIN_ENV": "test", "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    duree = time.monotonic() - debut
    if fait.returncode == NON_VERIFIE:
        sortie.write(f"– {verification.dit} : NON VÉRIFIÉ, {fait.stdout.strip()} ({duree:.1f} s)\n")
        sortie.flush()
        return True
    sortie.write(f"{'✗' if fait.returncode else '✓'} {verification.dit} ({duree:.1f} s)\n")
    if fait.returncode:
        sortie.write("".join(f"    {ligne}\n" for ligne in fait.stdout.splitlines()))
    sortie.flush()
    return fait.returncode == 0
