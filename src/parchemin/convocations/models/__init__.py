"""Les tables : épreuves, leurs états, les affectations ; déclarations, récusations, indépendances à vérifier ; incidents."""

from parchemin.convocations.models.epreuves import Affectation, Epreuve, PassageEpreuve
from parchemin.convocations.models.incidents import Incident, SuiteDIncident
from parchemin.convocations.models.independance import AVerifier, Declaration, PassageRecusation, Recusation

__all__ = [
    "AVerifier",
    "Affectation",
    "Declaration",
    "Epreuve",
    "Incident",
    "PassageEpreuve",
    "PassageRecusation",
    "Recusation",
    "SuiteDIncident",
]
