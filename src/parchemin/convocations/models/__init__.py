"""Les tables : épreuves, leurs états, les affectations ; déclarations, récusations, indépendances à vérifier ; incidents ; sites,
salles, agendas, et ce que chaque épreuve occupe ; convocations et présences ; les plans
proposés.
"""

from parchemin.convocations.models.convocations import (
    CalendrierPrive,
    Convocation,
    PanelDEpreuve,
    PassageConvocation,
)
from parchemin.convocations.models.disponibilites import Agenda, ExceptionDAgenda, HeuresDePersonne
from parchemin.convocations.models.epreuves import Affectation, Epreuve, PassageEpreuve
from parchemin.convocations.models.incidents import Incident, SuiteDIncident
from parchemin.convocations.models.independance import AVerifier, Declaration, PassageRecusation, Recusation
from parchemin.convocations.models.jour import ControleIdentite, Presence
from parchemin.convocations.models.lieux import HeuresDeSite, Salle, Site, Trajet
from parchemin.convocations.models.occupations import Occupation
from parchemin.convocations.models.plans import Plan

__all__ = [
    "AVerifier",
    "Affectation",
    "Agenda",
    "CalendrierPrive",
    "ControleIdentite",
    "Convocation",
    "Declaration",
    "Epreuve",
    "ExceptionDAgenda",
    "HeuresDePersonne",
    "HeuresDeSite",
    "Incident",
    "Occupation",
    "PanelDEpreuve",
    "PassageConvocation",
    "PassageEpreuve",
    "PassageRecusation",
    "Plan",
    "Presence",
    "Recusation",
    "Salle",
    "Site",
    "SuiteDIncident",
    "Trajet",
]
