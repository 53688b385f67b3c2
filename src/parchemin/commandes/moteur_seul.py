"""Un environnement qui ne contient que le moteur, installé comme le ferait un tiers, et de quoi passer ses tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path

OUTILS = ("pytest", "hypothesis", "pyyaml", "numpy")
"""Ce que demandent ses tests (numpy : pour `lot`)."""


def preparer(racine: Path, dossier: Path) -> Path:
    """Fait l'environnement dans `dossier` (hors réseau si les paquets sont en réserve) et rend son Python.

    Lève `subprocess.CalledProcessError`.
    """
    python = dossier / "bin" / "python"
    versions = sorted(_versions(OUTILS))
    temoin = dossier / "versions.txt"
    if not python.exists() or not temoin.exists() or temoin.read_text(encoding="utf-8").splitlines() != versions:
        shutil.rmtree(dossier, ignore_errors=True)
        _uv("venv", "--python", sys.executable, str(dossier))
        commande = ("pip", "install", "--python", str(python), "--no-deps", *versions)
        try:
            _uv(*commande, "--offline")
        except subprocess.CalledProcessError:
            _uv(*commande)
        temoin.write_text("\n".join(versions), encoding="utf-8")
    paquets = dossier / "paquets"
    shutil.rmtree(paquets, ignore_errors=True)
    _lancer([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(paquets)], racine / "moteur")
    (paquet,) = paquets.glob("*.whl")
    _uv("pip", "install", "--python", str(python), "--offline", "--no-deps", "--reinstall", str(paquet))
    return python


def _versions(noms: Sequence[str]) -> Iterator[str]:
    """Les paquets demandés et tout ce dont ils ont besoin, dans les versions d'ici."""
    from packaging.requirements import Requirement

    vus: set[str] = set()
    reste = list(noms)
    while reste:
        nom = reste.pop().lower().replace("_", "-")
        if nom in vus:
            continue
        vus.add(nom)
        paquet = metadata.distribution(nom)
        yield f"{nom}=={paquet.version}"
        for texte in paquet.requires or ():
            besoin = Requirement(texte)
            if besoin.marker is None or besoin.marker.evaluate({"extra": ""}):
                reste.append(besoin.name)


def _uv(*mots: str) -> None:
    uv = Path(sys.executable).parent / "uv"
    _lancer([str(uv) if uv.exists() else "uv", "--quiet", *mots], Path("/"))


def _lancer(commande: Sequence[str], dossier: Path) -> None:
    """Lance en silence ; en cas d'échec, l'exception porte ce qui a été dit."""
    variables = {nom: valeur for nom, valeur in os.environ.items() if nom not in {"UV_PYTHON", "VIRTUAL_ENV"}}
    # fmt: off
    subprocess.run(
        commande, cwd=dossier, env=variables, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True,
    )
    # fmt: on
