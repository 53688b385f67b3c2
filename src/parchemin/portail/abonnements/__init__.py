"""Ce qui se dit par courriel quand une capacité annonce quelque chose : des faits, jamais une note ni un résultat.

Chaque nouvelle a une clé tirée du fait : un événement remis deux fois ne se dit qu'une. Qui n'a pas d'adresse n'en reçoit pas ;
ce qui est vieux d'une semaine n'est plus une nouvelle (worker arrêté, histoire rejouée) : « À faire » le dit encore.
"""

from parchemin.portail.abonnements.affectations import dire_l_affectation, dire_le_remplacement, dire_le_retrait
from parchemin.portail.abonnements.carnet import (
    dire_la_designation,
    dire_la_repudiation,
    dire_la_version,
    dire_le_carnet,
)
from parchemin.portail.abonnements.convocations import dire_le_refus
from parchemin.portail.abonnements.envois import FRAICHEUR
from parchemin.portail.abonnements.incidents import dire_l_incident, dire_l_incident_consigne, dire_la_suite
from parchemin.portail.abonnements.independance import dire_l_independance, dire_la_recusation
from parchemin.portail.abonnements.lectures import dire_la_lecture, dire_la_relance, dire_le_papier
from parchemin.portail.abonnements.mutations import dire_la_mutation_proposee, dire_la_mutation_tranchee
from parchemin.portail.abonnements.resultats import dire_le_resultat, dire_le_second_regard

__all__ = [
    "FRAICHEUR",
    "dire_l_affectation",
    "dire_l_incident",
    "dire_l_incident_consigne",
    "dire_l_independance",
    "dire_la_designation",
    "dire_la_lecture",
    "dire_la_mutation_proposee",
    "dire_la_mutation_tranchee",
    "dire_la_recusation",
    "dire_la_relance",
    "dire_la_repudiation",
    "dire_la_suite",
    "dire_la_version",
    "dire_le_carnet",
    "dire_le_papier",
    "dire_le_refus",
    "dire_le_remplacement",
    "dire_le_resultat",
    "dire_le_retrait",
    "dire_le_second_regard",
]
