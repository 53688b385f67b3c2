"""Qui tient le registre des habilitations : les changements à déclarer à France compétences, les conventions qui finissent."""

from __future__ import annotations

from collections.abc import Iterable

from parchemin.comptes.presenters import a_faire_habilitations
from parchemin.portail.presenters.accueil.regard import Regard
from parchemin.socle.composants import AFaire


def a_faire(regard: Regard) -> Iterable[AFaire]:
    """Rien pour qui ne tient pas le registre."""
    return a_faire_habilitations(regard.acteur, regard.droits, regard.jour)
