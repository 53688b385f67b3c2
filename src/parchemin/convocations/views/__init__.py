"""Les pages des convocations : la liste, planifier, affecter, annuler ; déclarer, récuser, trancher ; les incidents."""

from parchemin.convocations.views.agendas import disponibilites, oter_exception
from parchemin.convocations.views.epreuves import affecter, annuler, deplacer, liste, planifier
from parchemin.convocations.views.incidents import signaler, suite
from parchemin.convocations.views.independance import declarer, recuser, trancher
from parchemin.convocations.views.lieux import (
    ajouter_salle,
    fermer_site,
    modifier_salle,
    modifier_site,
    nouveau_site,
    semaine,
    site,
    sites,
    trajets,
)

__all__ = [
    "affecter",
    "ajouter_salle",
    "annuler",
    "declarer",
    "deplacer",
    "disponibilites",
    "fermer_site",
    "liste",
    "modifier_salle",
    "modifier_site",
    "nouveau_site",
    "oter_exception",
    "planifier",
    "recuser",
    "semaine",
    "signaler",
    "site",
    "sites",
    "suite",
    "trajets",
    "trancher",
]
