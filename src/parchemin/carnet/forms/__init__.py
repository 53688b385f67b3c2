"""La forme de ce qui se saisit dans un carnet."""

from parchemin.carnet.forms.carnets import Attestations, LigneASaisir, Retrait
from parchemin.carnet.forms.dispenses import Dispense, RetraitDispense
from parchemin.carnet.forms.entrees import Entree
from parchemin.carnet.forms.liens import Code, Demande, Lever, Repudier

__all__ = [
    "Attestations",
    "Code",
    "Demande",
    "Dispense",
    "Entree",
    "Lever",
    "LigneASaisir",
    "Repudier",
    "Retrait",
    "RetraitDispense",
]
