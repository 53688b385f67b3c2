"""Reconnaître les processus d'un serveur : vivants, et dans quel dossier ils travaillent."""

from __future__ import annotations

import contextlib
import os
import subprocess
from pathlib import Path


def travaille_dans(pid: int, donnees: Path) -> bool:
    """Vrai si ce processus vivant est le serveur de ce dossier, même si le dossier a été déplacé sous lui."""
    if not vivant(pid):
        return False
    if Path("/proc/self/cwd").exists():
        try:
            return Path(f"/proc/{pid}/cwd").samefile(donnees)
        except OSError:
            return False
    commande = subprocess.run(
        ["ps", "-p", str(pid), "-o", "command="],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    return f"-D {donnees}" in commande


def tous_dans(donnees: Path) -> list[int]:
    """Les processus dont le dossier de travail est la base : ses enfants, si le serveur a été tué (Linux seulement)."""
    trouves = []
    for lien in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            if lien.readlink() == donnees:
                trouves.append(int(lien.parent.name))
    return trouves


def existe(pid: int) -> bool:
    """Vrai si le système connaît encore ce numéro, fût-ce celui d'un mort que son parent n'a pas relevé."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def vivant(pid: int) -> bool:
    """Vrai si ce processus existe et travaille ; un mort que son parent n'a pas encore relevé ne vit plus."""
    if not existe(pid):
        return False
    try:
        etat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return True
    return etat != "Z"
