"""Les évaluateurs : leurs épreuves à venir, leurs grilles à finir, leurs accords à trouver."""

from __future__ import annotations

from collections.abc import Iterable

from parchemin.convocations import selectors as epreuves
from parchemin.evaluation import presenters as evaluation
from parchemin.evaluation.selectors import lectures_closes
from parchemin.portail.presenters.accueil.arrivee import Arrivee
from parchemin.socle.composants import AFaire


def a_faire(arrivee: Arrivee) -> Iterable[AFaire]:
    """Les épreuves où cette personne est affectée, et que sa propre lecture n'a pas encore closes."""
    miennes = epreuves.epreuves_en_cours_de_l_evaluateur(arrivee.acteur, arrivee.jour)
    closes = lectures_closes(arrivee.acteur, [vue.id for vue in miennes])
    return evaluation.a_faire(miennes, closes, arrivee.jour)
