"""Les pages des parcours."""

from parchemin.parcours.views.amenagements import (
    amenager,
)
from parchemin.parcours.views.changements import version
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
from parchemin.parcours.views.imports import (
    abandonner_import,
    colonnes_import,
    confirmer_import,
    importer,
    modele_import,
)
from parchemin.parcours.views.imports_faits import defaire_import, import_fait
from parchemin.parcours.views.mutations import accueillir, mutation, parti
from parchemin.parcours.views.nir import effacer_nir, nir
from parchemin.parcours.views.vae import constater_caducite, etape_vae

__all__ = [
    "abandonner",
    "abandonner_import",
    "accueillir",
    "amenager",
    "colonnes_import",
    "confirmer_import",
    "constater_caducite",
    "defaire_import",
    "designer",
    "effacer_nir",
    "etape_vae",
    "etat_civil",
    "import_fait",
    "importer",
    "inscrire",
    "lieux",
    "liste",
    "modele_import",
    "mutation",
    "nir",
    "parti",
    "version",
]
