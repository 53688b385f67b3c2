"""Les regards : qui n'est pas de l'équipe d'un candidat ne voit son dossier qu'une fois ce regard inscrit.

Cet intergiciel est au-dessus de la garde qui refuse toute écriture à une lecture (`socle.middleware`) : aucune vue GET n'y
échappe, et cette écriture-ci, nommée, est la seule qu'une lecture entraîne. La page est prête mais n'est pas partie : si
l'inscription échoue, elle ne s'affiche pas ; une fois validée, rien de ce qui suit ne peut l'annuler.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponse

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.selectors import Droits
from parchemin.convocations.selectors import evalue
from parchemin.registre.consultations import Regard, regard_de
from parchemin.registre.services import consigner_consultation
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil, maintenant

MONTREES = frozenset({200, 206, 422})
"""Les réponses qui montrent quelque chose ; un refus, une redirection ou une panne ne montrent rien."""


class RegardsMiddleware:
    """Inscrit le regard que la vue a annoncé (`registre.consultations.regarder`), si le lecteur n'est pas de l'équipe."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reponse = self.get_response(request)
        regard = regard_de(request)
        if regard is None or reponse.status_code not in MONTREES:
            return reponse
        requete = cast(Any, request)
        acteur: Acteur = requete.acteur
        if not est_de_l_equipe(acteur, requete.droits, regard):
            consigner_consultation(regard=regard, auteur=acteur, maintenant=maintenant())
        return reponse


def est_de_l_equipe(acteur: Acteur, droits: Droits, regard: Regard) -> bool:
    """Vrai pour le candidat, son tuteur, son manager, la gestion et les RH de son organisme, et ses évaluateurs affectés.

    Qui gère partout n'est pas de l'équipe : son regard s'inscrit.
    """
    if acteur.id in regard.equipe:
        return True
    if regard.organisme is None:
        return False
    des_leurs = droits.organismes(NatureRole.GESTIONNAIRE) | droits.organismes(NatureRole.RH)
    if regard.organisme in des_leurs:
        return True
    genre, identifiant = regard.objet
    return genre == "dossier" and evalue(acteur, cast(Any, identifiant), jour_civil(maintenant()))
