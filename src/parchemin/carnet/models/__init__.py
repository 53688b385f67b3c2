"""Les tables du carnet."""

from parchemin.carnet.models.carnets import Attestation, Carnet, Ligne
from parchemin.carnet.models.dispenses import Dispense
from parchemin.carnet.models.entrees import BrouillonEntree, EntreeCarnet, VersionEntree
from parchemin.carnet.models.liens import AvisAttestation, Levee, LienAttestation, Repudiation

__all__ = [
    "Attestation",
    "AvisAttestation",
    "BrouillonEntree",
    "Carnet",
    "Dispense",
    "EntreeCarnet",
    "Levee",
    "LienAttestation",
    "Ligne",
    "Repudiation",
    "VersionEntree",
]
