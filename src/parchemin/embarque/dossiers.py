"""Où vivent les données de Parchemin.

Dans l'ordre : le réglage `PARCHEMIN_DONNEES` ; `var/` quand le programme tourne depuis un dépôt ;
sinon `~/.local/share/parchemin`.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from parchemin.embarque.erreurs import EmbarqueImpossible


def depot() -> Path | None:
    """La racine du dépôt d'où tourne ce programme ; `None` s'il vient d'un paquet installé."""
    racine = Path(__file__).resolve().parents[3]
    return racine if (racine / "parchemin").is_file() and (racine / "pyproject.toml").is_file() else None


def donnees(environ: Mapping[str, str] | None = None) -> Path:
    """Le dossier des données, absolu ; il n'est pas créé (voir `preparer`)."""
    environ = os.environ if environ is None else environ
    if choisi := environ.get("PARCHEMIN_DONNEES"):
        return Path(choisi).expanduser().resolve()
    if racine := depot():
        return racine / "var"
    partage = environ.get("XDG_DATA_HOME")
    base = Path(partage) if partage and Path(partage).is_absolute() else Path.home() / ".local" / "share"
    return (base / "parchemin").resolve()


def preparer(dossier: Path) -> Path:
    """Crée le dossier s'il manque (fermé aux autres comptes) et vérifie qu'on peut y écrire.

    Lève `EmbarqueImpossible("dossier_interdit")`.
    """
    try:
        dossier.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=dossier, prefix=".essai-"):
            pass
    except OSError as erreur:
        raise EmbarqueImpossible(
            "dossier_interdit",
            f"Impossible d'écrire dans le dossier de données « {dossier} » : {erreur.strerror or erreur}. "
            "Donnez-vous le droit d'y écrire, ou choisissez un autre dossier avec la variable PARCHEMIN_DONNEES.",
        ) from erreur
    return dossier
