"""L'intergiciel qui dit à chaque vue qui agit (`request.acteur`) et avec quels droits (`request.droits`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from parchemin.comptes.selectors import Droits, droits
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil, maintenant


class ActeurMiddleware:
    """Pose `request.acteur` (`Acteur`, ou `None` sans connexion) et `request.droits` (lus au premier usage).

    Un compte désactivé est traité comme une absence de connexion : Django ne le rend plus, dès la requête suivante.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        requete = cast(Any, request)
        compte = requete.user
        acteur = Acteur(compte.personne_id) if compte.is_authenticated and compte.is_active else None
        requete.acteur = acteur
        requete.droits = cast(Droits, SimpleLazyObject(lambda: droits(acteur, jour_civil(maintenant()))))
        return self.get_response(request)
