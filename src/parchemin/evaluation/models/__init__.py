"""Les tables : gestes, façon de noter, lectures scellées et résultats, accord, seconds regards, papier.

Toutes sont à insertion seule, sauf `FaconDeNoter`, et deux qui redisent le dernier de leurs passages : `SecondRegard`, `Ressaisie`.
"""

from parchemin.evaluation.models.accord import Confirmation, PositionAccord, Relance
from parchemin.evaluation.models.facon import FaconDeNoter
from parchemin.evaluation.models.gestes import Fait, GesteAbandonne, GesteMisAPart, SortDeGeste
from parchemin.evaluation.models.lectures import Lecture, Resultat
from parchemin.evaluation.models.papier import PassageRessaisie, PiecePapier, Ressaisie, SaisiePapier
from parchemin.evaluation.models.seconds_regards import AvisDeSecondRegard, PassageSecondRegard, SecondRegard

__all__ = [
    "AvisDeSecondRegard",
    "Confirmation",
    "FaconDeNoter",
    "Fait",
    "GesteAbandonne",
    "GesteMisAPart",
    "Lecture",
    "PassageRessaisie",
    "PassageSecondRegard",
    "PiecePapier",
    "PositionAccord",
    "Relance",
    "Ressaisie",
    "Resultat",
    "SaisiePapier",
    "SecondRegard",
    "SortDeGeste",
]
