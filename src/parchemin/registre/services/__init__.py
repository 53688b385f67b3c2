"""Écrire au journal : `acte` (la voie de tous les services), `consigner` (la brique), effacer, relever."""

from parchemin.registre.services.actes import Journal, acte
from parchemin.registre.services.ecriture import consigner
from parchemin.registre.services.effacement import effacer_valeurs
from parchemin.registre.services.releves import relever_tetes

__all__ = ["Journal", "acte", "consigner", "effacer_valeurs", "relever_tetes"]
