"""Les tables : épreuves, leurs états, les affectations ; déclarations, récusations, indépendances à vérifier ; incidents ; sites,
salles, agendas, et ce que chaque épreuve occupe.
"""

from parchemin.convocations.models.disponibilites import Agenda, ExceptionDAgenda, HeuresDePersonne
from parchemin.convocations.models.epreuves import Affectation, Epreuve, PassageEpreuve
from parchemin.convocations.models.incidents import Incident, SuiteDIncident
from parchemin.convocations.models.independance import AVerifier, Declaration, PassageRecusation, Recusation
from parchemin.convocations.models.lieux import HeuresDeSite, Salle, Site, Trajet
from parchemin.convocations.models.occupations import Occupation

__all__ = [
    "AVerifier",
    "Affectation",
    "Agenda",
    "Declaration",
    "Epreuve",
    "ExceptionDAgenda",
    "HeuresDePersonne",
    "HeuresDeSite",
    "Incident",
    "Occupation",
    "PassageEpreuve",
    "PassageRecusation",
    "Recusation",
    "Salle",
    "Site",
    "SuiteDIncident",
    "Trajet",
]
