"""Les pages des parcours."""

from parchemin.parcours.views.amenagements import (
    amenager,
)
from parchemin.parcours.views.blocs_acquis import (
    dispenser_bloc,
    reconnaitre,
    retirer_acquis,
)
from parchemin.parcours.views.changements import version
from parchemin.parcours.views.dossiers import (
    abandonner,
    corriger,
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
from parchemin.parcours.views.reprise import (
    abandonner_reprise,
    confirmer_reprise,
    modele_reprise,
    reprendre,
)
from parchemin.parcours.views.titulaires import retirer_repris, titulaires
from parchemin.parcours.views.vae import constater_caducite, etape_vae

__all__ = [
    "abandonner",
    "abandonner_import",
    "abandonner_reprise",
    "accueillir",
    "amenager",
    "colonnes_import",
    "confirmer_import",
    "confirmer_reprise",
    "constater_caducite",
    "corriger",
    "defaire_import",
    "designer",
    "dispenser_bloc",
    "effacer_nir",
    "etape_vae",
    "etat_civil",
    "import_fait",
    "importer",
    "inscrire",
    "lieux",
    "liste",
    "modele_import",
    "modele_reprise",
    "mutation",
    "nir",
    "parti",
    "reconnaitre",
    "reprendre",
    "retirer_acquis",
    "retirer_repris",
    "titulaires",
    "version",
]
