"""Pour chaque adresse, de quoi la visiter pour de bon : ses identifiants, un envoi valable, un état préparé.

Rien ici ne dit qui a le droit : c'est `attendu/` qui le dit. Une pièce par sujet ; une adresse n'est dans aucune autre.
"""

from __future__ import annotations

from tests.droits.gestes import (
    carnet,
    comptes,
    connexion,
    convocations,
    convoques,
    evaluation,
    incidents,
    independance,
    lieux,
    organismes,
    papier,
    parcours,
    personnes,
    plans,
)
from tests.droits.gestes.commun import Adresse, Geste

__all__ = ["GESTES", "Adresse", "Geste"]

_PIECES = (
    parcours,
    carnet,
    convocations,
    convoques,
    evaluation,
    comptes,
    connexion,
    independance,
    personnes,
    organismes,
    incidents,
    papier,
    lieux,
    plans,
)
GESTES: dict[str, Geste] = {nom: geste for piece in _PIECES for nom, geste in piece.GESTES.items()}
if len(GESTES) != sum(len(piece.GESTES) for piece in _PIECES):
    raise ValueError("une adresse est dans deux pièces de tests/droits/gestes/")
