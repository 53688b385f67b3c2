"""Où sont les fichiers de référentiel, et quels noms ils portent."""

from __future__ import annotations

from pathlib import Path

PAR_DEFAUT = "cqp-cos@2021"
"""Le référentiel que l'on entend quand aucun n'est nommé."""


class ReferentielInconnu(LookupError):
    """Aucun fichier livré ne porte ce nom ; `nom` est celui qui était demandé."""

    def __init__(self, nom: str) -> None:
        super().__init__(f"Le référentiel « {nom} » n'est pas connu ; disponibles : {', '.join(disponibles())}.")
        self.nom = nom


def dossier() -> Path:
    """Le dossier des fichiers : dans le paquet installé, sinon dans le dépôt.

    Lève `FileNotFoundError` si l'installation n'a ni l'un ni l'autre.
    """
    paquet = Path(__file__).resolve().parents[2]
    for candidat in (paquet / "donnees" / "referentiels", paquet.parents[1] / "donnees" / "referentiels"):
        if (candidat / "schema.json").is_file():
            return candidat
    raise FileNotFoundError("Les fichiers de référentiel manquent à cette installation de Parchemin.")


def disponibles() -> tuple[str, ...]:
    """Les noms des versions livrées avec le programme : « cqp-cos@2021 », dans l'ordre alphabétique."""
    return tuple(sorted(f"{chemin.parent.name}@{chemin.stem}" for chemin in dossier().glob("*/*.yaml")))


def chemin_de(nom: str) -> Path:
    """Le fichier d'une version livrée. Un nom n'est jamais un chemin. Lève `ReferentielInconnu`."""
    if nom not in disponibles():
        raise ReferentielInconnu(nom)
    code, _, version = nom.partition("@")
    return dossier() / code / f"{version}.yaml"
