"""Les tables des parcours."""

from parchemin.parcours.models.dossiers import (
    BlocDemande,
    Designation,
    Dossier,
    PassageDossier,
)

__all__ = [
    "BlocDemande",
    "Designation",
    "Dossier",
    "PassageDossier",
]
