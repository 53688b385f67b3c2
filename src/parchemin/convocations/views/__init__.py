"""Les pages des convocations : la liste, planifier, affecter, annuler ; déclarer, récuser, trancher ; les incidents."""

from parchemin.convocations.views.epreuves import affecter, annuler, deplacer, liste, planifier
from parchemin.convocations.views.incidents import signaler, suite
from parchemin.convocations.views.independance import declarer, recuser, trancher

__all__ = [
    "affecter",
    "annuler",
    "declarer",
    "deplacer",
    "liste",
    "planifier",
    "recuser",
    "signaler",
    "suite",
    "trancher",
]
