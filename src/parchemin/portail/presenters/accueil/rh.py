"""Les ressources humaines : nommer le tuteur et le manager des leurs ; et ce que ceux-ci tardent à attester."""

from __future__ import annotations

from collections.abc import Iterable

from parchemin.comptes.enums import NatureRole
from parchemin.portail.presenters.accueil.inscription import a_nommer, attestations_attendues
from parchemin.portail.presenters.accueil.regard import Regard
from parchemin.socle.composants import AFaire


def a_faire(regard: Regard) -> Iterable[AFaire]:
    """Les dossiers de son organisme ; rien des épreuves ni des évaluateurs."""
    yield from a_nommer(regard)
    tenus = (v for v in regard.en_cours if regard.droits.couvre(NatureRole.RH, v.organisme, v.referentiel_code))
    yield from attestations_attendues(regard, tenus)
