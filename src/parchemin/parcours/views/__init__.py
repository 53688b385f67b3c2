"""Les pages des parcours."""

from parchemin.parcours.views.dossiers import (
    abandonner,
    designer,
    inscrire,
    liste,
)

__all__ = [
    "abandonner",
    "designer",
    "inscrire",
    "liste",
]
