"""Les pages d'erreur : ce qui s'est passé, ce qui a été gardé, ce qu'il faut faire."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from psycopg_pool import PoolTimeout

from parchemin.socle.middleware import base_arretee


def _page(gabarit: str, statut: int) -> HttpResponse:
    """Une page rendue sans base, ni session, ni processeur de contexte : elle doit tenir quand rien d'autre ne tient."""
    return HttpResponse(get_template(gabarit).render({}), status=statut)


def requete_invalide(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 : la demande est mal formée."""
    return _page("400.html", 400)


def interdit(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 : le droit manque."""
    return _page("403.html", 403)


def introuvable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 : rien à cette adresse."""
    return _page("404.html", 404)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 : le jeton du formulaire manque ou a expiré ; rien n'a été enregistré, la saisie est encore dans la page précédente."""
    return _page("403_csrf.html", 403)


def panne(request: HttpRequest) -> HttpResponse:
    """500, ou 503 si c'est la base qui ne répond plus (l'exception en cours le dit)."""
    if isinstance(sys.exception(), OperationalError | InterfaceError | PoolTimeout):
        return base_arretee(request)
    return _page("500.html", 500)
