"""Toutes les écritures du carnet : le remettre, attester, retirer, demander par un lien, répudier."""

from parchemin.carnet.services.carnets import (
    Dire,
    accuser_reception,
    attester,
    ouvrir_carnet,
    retirer_attestation,
)
from parchemin.carnet.services.dispenses import dispenser, retirer_dispense
from parchemin.carnet.services.entrees import Ecrit, effacer_brouillon, garder_brouillon, publier_entree
from parchemin.carnet.services.liens import (
    attester_par_lien,
    demander_attestations,
    demander_code,
    ouvrir_le_lien,
)
from parchemin.carnet.services.rappels import rappeler_par_lien
from parchemin.carnet.services.repudiations import lever_le_gel, repudier, repudier_avis

__all__ = [
    "Dire",
    "Ecrit",
    "accuser_reception",
    "attester",
    "attester_par_lien",
    "demander_attestations",
    "demander_code",
    "dispenser",
    "effacer_brouillon",
    "garder_brouillon",
    "lever_le_gel",
    "ouvrir_carnet",
    "ouvrir_le_lien",
    "publier_entree",
    "rappeler_par_lien",
    "repudier",
    "repudier_avis",
    "retirer_attestation",
    "retirer_dispense",
]
