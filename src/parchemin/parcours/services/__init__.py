"""Toutes les écritures des parcours."""

from parchemin.parcours.services.amenagements import amenager
from parchemin.parcours.services.dossiers import (
    abandonner,
    inscrire,
    inscrire_nouveau,
    nommer_tuteur_manager,
    passer_etat,
    suivre_fusion,
    verrouiller_dossier,
)

__all__ = [
    "abandonner",
    "amenager",
    "inscrire",
    "inscrire_nouveau",
    "nommer_tuteur_manager",
    "passer_etat",
    "suivre_fusion",
    "verrouiller_dossier",
]
