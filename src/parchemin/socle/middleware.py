"""Intergiciels : une lecture n'écrit pas ; un refus et une panne parlent français."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from psycopg_pool import PoolTimeout

from parchemin.socle.gardes import lecture_seule
from parchemin.socle.refus import Introuvable, Refus, RefusDroit

journal = structlog.get_logger("parchemin.http")


class LectureSeuleMiddleware:
    """Une requête GET, HEAD ou OPTIONS ne peut exécuter aucune écriture SQL (la session, elle, est hors de ce bloc)."""

    LECTURES = frozenset({"GET", "HEAD", "OPTIONS"})

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in self.LECTURES:
            return self.get_response(request)
        with lecture_seule():
            return self.get_response(request)


class ErreursMiddleware:
    """Traduit les refus et les pannes en pages : 403, 404, 409 (refus d'une règle), 503 (base arrêtée).

    Une vue traite elle-même les refus qu'elle sait montrer à leur place ; ceux qui arrivent ici n'en ont pas trouvé.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """La page d'un refus ou d'une panne ; `None` laisse Django rendre la page 500."""
        match exception:
            case Introuvable():
                journal.warning("introuvable", route=_route(request))
                return render(request, "404.html", {"refus": exception}, status=404)
            case RefusDroit():
                journal.warning("refus_de_droit", code=exception.code, route=_route(request))
                return render(request, "403.html", {"refus": exception}, status=403)
            case Refus():
                return render(request, "refus.html", {"refus": exception}, status=409)
            case OperationalError() | InterfaceError() | PoolTimeout():
                return base_arretee(request)
            case _:
                return None


def base_arretee(request: HttpRequest) -> HttpResponse:
    """La page 503, rendue sans base ni session : ce qui n'a pas été confirmé n'a pas été enregistré."""
    journal.error("base_injoignable", route=_route(request))
    from django.template.loader import get_template

    reponse = HttpResponse(get_template("503.html").render({}), status=503)
    reponse["Retry-After"] = "10"
    return reponse


def _route(request: HttpRequest) -> str:
    """La forme de la route, jamais l'adresse, qui peut porter un jeton ou un nom."""
    return request.resolver_match.route if request.resolver_match else "aucune"
