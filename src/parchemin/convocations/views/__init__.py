"""Les pages des convocations : la liste, planifier, affecter, annuler ; convoquer, répondre, suivre ; l'indépendance ; les incidents."""

from parchemin.convocations.views.agendas import disponibilites, oter_exception
from parchemin.convocations.views.convocations import convocations, pdf, renvoyer
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
from parchemin.convocations.views.plans import adopter, arreter, plan, plan_epreuve, plans
from parchemin.convocations.views.reponses import (
    repondre,
    repondre_ics,
    reponse,
    reponse_ics,
    reponse_pdf,
    signer_par_lien,
)
from parchemin.convocations.views.suivi import calendrier, convoquer_lot, exporter_suivi, flux, presence, signer, suivi

__all__ = [
    "adopter",
    "affecter",
    "ajouter_salle",
    "annuler",
    "arreter",
    "calendrier",
    "convocations",
    "convoquer_lot",
    "declarer",
    "deplacer",
    "disponibilites",
    "exporter_suivi",
    "fermer_site",
    "flux",
    "liste",
    "modifier_salle",
    "modifier_site",
    "nouveau_site",
    "oter_exception",
    "pdf",
    "plan",
    "plan_epreuve",
    "planifier",
    "plans",
    "presence",
    "recuser",
    "renvoyer",
    "repondre",
    "repondre_ics",
    "reponse",
    "reponse_ics",
    "reponse_pdf",
    "semaine",
    "signaler",
    "signer",
    "signer_par_lien",
    "site",
    "sites",
    "suite",
    "suivi",
    "trajets",
    "trancher",
]
