"""Du fichier à ses quatre parties, et de la norme à l'arbre du moteur."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from moteur.referentiel import Referentiel, construire
from parchemin.referentiels.fichier.emplacement import PAR_DEFAUT, chemin_de
from parchemin.referentiels.fichier.yaml_strict import lire


class FichierInvalide(ValueError):
    """Le fichier n'est pas un référentiel ; `problemes` dit pourquoi, une phrase par défaut."""

    def __init__(self, problemes: tuple[str, ...]) -> None:
        super().__init__("\n".join(problemes))
        self.problemes = problemes


@dataclass(frozen=True, slots=True)
class FichierReferentiel:
    """Une version d'une certification, telle que son fichier la donne : quatre parties, en objets JSON."""

    code: str
    version: str
    norme: Mapping[str, Any]
    reglement: Mapping[str, Any]
    fiche: Mapping[str, Any]
    annexes: Mapping[str, Any]

    def nom(self) -> str:
        """« cqp-cos@2021 »."""
        return f"{self.code}@{self.version}"


def charger(source: str | Path) -> FichierReferentiel:
    """Lit une version : un nom (« cqp-cos@2021 ») parmi celles livrées, ou le `Path` d'un fichier.

    Ne vérifie que la forme générale ; `problemes` vérifie tout.
    Lève `ReferentielInconnu`, `FichierInvalide`, ou `OSError` si le fichier ne s'ouvre pas.
    """
    chemin = source if isinstance(source, Path) else chemin_de(source)
    try:
        contenu = lire(chemin.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as erreur:
        raise FichierInvalide(problemes(chemin)) from erreur
    match contenu:
        case {
            "code": str(code),
            "version": str(version),
            "norme": dict(norme),
            "reglement": dict(reglement),
            "fiche": dict(fiche),
            "annexes": dict(annexes),
        }:
            return FichierReferentiel(code, version, norme, reglement, fiche, annexes)
        case _:
            raise FichierInvalide(problemes(chemin))


@cache
def charger_norme(nom: str = PAR_DEFAUT) -> Referentiel:
    """L'arbre du moteur pour une version livrée, construit une fois par processus.

    Lève `ReferentielInconnu`, `FichierInvalide`, ou `moteur.referentiel.ReferentielInvalide`.
    """
    fichier = charger(nom)
    return construire(fichier.code, fichier.version, fichier.norme)


def problemes(chemin: Path) -> tuple[str, ...]:
    """Tous les défauts d'un fichier, un par phrase, dans l'ordre du fichier ; vide s'il n'y en a aucun.

    Lève `OSError` si le fichier ne s'ouvre pas.
    """
    from parchemin.referentiels.fichier import verification  # le schéma ne se lit que pour vérifier

    return verification.problemes(chemin)


def problemes_du_contenu(fichier: FichierReferentiel) -> tuple[str, ...]:
    """Tous les défauts d'un référentiel déjà en objets ; vide s'il n'y en a aucun."""
    from parchemin.referentiels.fichier import verification

    return verification.problemes_du_contenu(asdict(fichier))


def problemes_de_partie(partie: str, contenu: object, *, norme: Mapping[str, Any], nom: str = "") -> tuple[str, ...]:
    """Les défauts d'une partie (`reglement`, `fiche` ou `annexes`) révisée seule, sous la norme publiée sous ce nom."""
    from parchemin.referentiels.fichier import verification

    return verification.problemes_de_partie(partie, contenu, norme=norme, nom=nom)
