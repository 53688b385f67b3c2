"""Les évaluateurs : leurs épreuves à venir, leurs grilles à finir, leurs accords à trouver."""

from __future__ import annotations

from collections.abc import Iterable

from parchemin.convocations import selectors as epreuves
from parchemin.evaluation import presenters as evaluation
from parchemin.evaluation.selectors import lectures_closes
from parchemin.portail.presenters.accueil.regard import Regard
from parchemin.socle.composants import AFaire


def a_faire(regard: Regard) -> Iterable[AFaire]:
    """Les épreuves où cette personne est affectée, et que sa propre lecture n'a pas encore closes."""
    miennes = epreuves.epreuves_en_cours_de_l_evaluateur(regard.acteur, regard.jour)
    closes = lectures_closes(regard.acteur, [vue.id for vue in miennes])
    return evaluation.a_faire(miennes, closes, regard.jour)
