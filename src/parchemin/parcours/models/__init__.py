"""Les tables des parcours."""

from parchemin.parcours.models.amenagements import (
    Amenagement,
)
from parchemin.parcours.models.dossiers import (
    BlocDemande,
    Designation,
    Dossier,
    PassageDossier,
)
from parchemin.parcours.models.etat_civil import (
    EtatCivil,
    Lieu,
)
from parchemin.parcours.models.imports import (
    ImportCandidats,
)
from parchemin.parcours.models.mutations import Mutation
from parchemin.parcours.models.nir import NirChiffre
from parchemin.parcours.models.vae import EtapeVae

__all__ = [
    "Amenagement",
    "BlocDemande",
    "Designation",
    "Dossier",
    "EtapeVae",
    "EtatCivil",
    "ImportCandidats",
    "Lieu",
    "Mutation",
    "NirChiffre",
    "PassageDossier",
]
