"""Écrire au journal : `acte` (la voie de tous les services), `consigner` (la brique), effacer, relever, regarder, vérifier."""

from parchemin.registre.services.actes import Journal, acte
from parchemin.registre.services.consultations import consigner_consultation
from parchemin.registre.services.ecriture import consigner
from parchemin.registre.services.effacement import effacer_valeurs
from parchemin.registre.services.exports import consigner_export
from parchemin.registre.services.releves import relever_tetes
from parchemin.registre.services.verifications import demander_verification, garder_rapport

__all__ = [
    "Journal",
    "acte",
    "consigner",
    "consigner_consultation",
    "consigner_export",
    "demander_verification",
    "effacer_valeurs",
    "garder_rapport",
    "relever_tetes",
]
