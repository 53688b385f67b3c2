"""Les tables des parcours."""

from parchemin.parcours.models.amenagements import (
    Amenagement,
)
from parchemin.parcours.models.blocs_acquis import (
    BlocAcquis,
    RetraitDeBloc,
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
    ImportReprise,
)
from parchemin.parcours.models.mutations import Mutation
from parchemin.parcours.models.nir import NirChiffre
from parchemin.parcours.models.vae import EtapeVae

__all__ = [
    "Amenagement",
    "BlocAcquis",
    "BlocDemande",
    "Designation",
    "Dossier",
    "EtapeVae",
    "EtatCivil",
    "ImportCandidats",
    "ImportReprise",
    "Lieu",
    "Mutation",
    "NirChiffre",
    "PassageDossier",
    "RetraitDeBloc",
]
