"""Les pages des parcours."""

from parchemin.parcours.views.amenagements import (
    amenager,
)
from parchemin.parcours.views.dossiers import (
    abandonner,
    designer,
    inscrire,
    liste,
)
from parchemin.parcours.views.etat_civil import (
    etat_civil,
    lieux,
)

__all__ = [
    "abandonner",
    "amenager",
    "designer",
    "etat_civil",
    "inscrire",
    "lieux",
    "liste",
]
