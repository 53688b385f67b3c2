"""Les tables des parcours."""

from parchemin.parcours.models.amenagements import Amenagement
from parchemin.parcours.models.dossiers import (
    BlocDemande,
    Designation,
    Dossier,
    PassageDossier,
)

__all__ = [
    "Amenagement",
    "BlocDemande",
    "Designation",
    "Dossier",
    "PassageDossier",
]
