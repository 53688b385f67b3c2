"""Les ressources humaines : nommer le tuteur et le manager des leurs ; et ce que ceux-ci tardent à attester."""

from __future__ import annotations

from collections.abc import Iterable

from parchemin.comptes.enums import NatureRole
from parchemin.portail.presenters.accueil.arrivee import Arrivee
from parchemin.portail.presenters.accueil.inscription import a_nommer, attestations_attendues
from parchemin.socle.composants import AFaire


def a_faire(arrivee: Arrivee) -> Iterable[AFaire]:
    """Les dossiers de son organisme ; rien des épreuves ni des évaluateurs."""
    yield from a_nommer(arrivee)
    tenus = (v for v in arrivee.en_cours if arrivee.droits.couvre(NatureRole.RH, v.organisme, v.referentiel_code))
    yield from attestations_attendues(arrivee, tenus, None)
