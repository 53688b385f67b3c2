"""Le référentiel : son arbre figé (`arbre`) et sa construction vérifiée (`construction`)."""

from __future__ import annotations

from moteur.referentiel.arbre import (
    Activite,
    Alternative,
    Bloc,
    Competence,
    Critere,
    Duree,
    Epreuve,
    Evaluateur,
    Exigence,
    Phase,
    Referentiel,
)
from moteur.referentiel.construction import ReferentielInvalide, construire
from moteur.referentiel.lecture import Probleme

__all__ = [
    "Activite",
    "Alternative",
    "Bloc",
    "Competence",
    "Critere",
    "Duree",
    "Epreuve",
    "Evaluateur",
    "Exigence",
    "Phase",
    "Probleme",
    "Referentiel",
    "ReferentielInvalide",
    "construire",
]
