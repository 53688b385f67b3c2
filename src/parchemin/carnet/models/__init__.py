"""Les tables du carnet."""

from parchemin.carnet.models.carnets import Attestation, Carnet, Ligne
from parchemin.carnet.models.dispenses import Dispense
from parchemin.carnet.models.liens import AvisAttestation, Levee, LienAttestation, Repudiation

__all__ = [
    "Attestation",
    "AvisAttestation",
    "Carnet",
    "Dispense",
    "Levee",
    "LienAttestation",
    "Ligne",
    "Repudiation",
]
