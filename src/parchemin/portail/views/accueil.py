"""L'accueil : « À faire », pour chaque rôle, du plus urgent au moins urgent."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.portail import presenters
from parchemin.socle.horloge import maintenant


@require_safe
def accueil(request: HttpRequest) -> HttpResponse:
    """La page d'entrée : « À faire » pour qui est connecté, la connexion sinon."""
    return _a_faire(request)


@connecte
def _a_faire(request: RequeteConnectee) -> HttpResponse:
    page = presenters.page_accueil(request.acteur, request.droits, maintenant())
    return render(request, "portail/accueil.html", {"page": page})
