"""Ce que doit faire qui tient le registre des habilitations : déclarer un changement, renouveler une convention."""

from __future__ import annotations

from collections.abc import Iterable

from parchemin.comptes.presenters import a_faire_habilitations
from parchemin.portail.presenters.accueil.regard import Regard
from parchemin.socle.composants import AFaire


def a_faire(regard: Regard) -> Iterable[AFaire]:
    """La part du registre, pour qui le tient."""
    return a_faire_habilitations(regard.acteur, regard.droits, regard.jour)
