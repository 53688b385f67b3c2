"""Demander un plan d'épreuves, le calculer, le retoucher à la main, l'adopter.

Rien n'est écrit dans les dossiers avant l'adoption. Celle-ci passe, épreuve par épreuve, par les services de tous les jours : chacune
est tout ou rien, dans sa transaction ; un processus tué laisse celles qui sont faites, et l'on reprend.
"""

from parchemin.convocations.services.plans.adoption import adopter_plan, demander_adoption
from parchemin.convocations.services.plans.calcul import arreter_la_recherche, calculer_plan, demander_plan
from parchemin.convocations.services.plans.lignes import ADOPTER, CALCULER
from parchemin.convocations.services.plans.retouche import Voulue, deplacer_dans_le_plan

__all__ = [
    "ADOPTER",
    "CALCULER",
    "Voulue",
    "adopter_plan",
    "arreter_la_recherche",
    "calculer_plan",
    "demander_adoption",
    "demander_plan",
    "deplacer_dans_le_plan",
]
