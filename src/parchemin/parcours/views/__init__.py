"""Les pages des parcours."""

from parchemin.parcours.views.amenagements import amenager
from parchemin.parcours.views.dossiers import (
    abandonner,
    designer,
    inscrire,
    liste,
)

__all__ = [
    "abandonner",
    "amenager",
    "designer",
    "inscrire",
    "liste",
]
