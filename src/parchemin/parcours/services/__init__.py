"""Toutes les écritures des parcours."""

from parchemin.parcours.services.amenagements import (
    MINUTES_MAX,
    amenager,
)
from parchemin.parcours.services.dossiers import (
    abandonner,
    inscrire,
    inscrire_nouveau,
    nommer_tuteur_manager,
    passer_etat,
    suivre_fusion,
    verrouiller_dossier,
)
from parchemin.parcours.services.etat_civil import (
    CHAINE_LIEUX,
    COLONNES_LIEUX,
    LIGNES_LIEUX,
    EtatCivilFaux,
    charger_lieux,
    colonnes_etat_civil,
    enregistrer_etat_civil,
)

__all__ = [
    "CHAINE_LIEUX",
    "COLONNES_LIEUX",
    "LIGNES_LIEUX",
    "MINUTES_MAX",
    "EtatCivilFaux",
    "abandonner",
    "amenager",
    "charger_lieux",
    "colonnes_etat_civil",
    "enregistrer_etat_civil",
    "inscrire",
    "inscrire_nouveau",
    "nommer_tuteur_manager",
    "passer_etat",
    "suivre_fusion",
    "verrouiller_dossier",
]
