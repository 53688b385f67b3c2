"""Les évaluateurs : leurs épreuves à venir, leurs grilles à finir, leurs accords à trouver, leurs seconds regards."""

from __future__ import annotations

from collections.abc import Iterable

from parchemin.convocations import selectors as epreuves
from parchemin.evaluation import presenters as evaluation
from parchemin.evaluation.selectors import grilles_commencees, lectures_closes, seconds_regards_a_rendre
from parchemin.portail.presenters.accueil.arrivee import Arrivee
from parchemin.socle.composants import AFaire


def a_faire(arrivee: Arrivee) -> Iterable[AFaire]:
    """Ses épreuves, que sa propre lecture n'a pas encore closes ; puis les seconds regards qu'on lui a confiés."""
    miennes = epreuves.epreuves_en_cours_de_l_evaluateur(arrivee.acteur, arrivee.jour)
    ids = [vue.id for vue in miennes]
    closes, commencees = lectures_closes(arrivee.acteur, ids), grilles_commencees(arrivee.acteur, ids)
    yield from evaluation.a_faire(miennes, closes, commencees, arrivee.jour)
    yield from evaluation.a_rendre(seconds_regards_a_rendre(arrivee.acteur), arrivee.jour)
