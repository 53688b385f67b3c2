"""La boîte de la démonstration : chaque courriel parti, tel qu'il est parti. N'existe pas ailleurs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from parchemin.courriels import fichiers
from parchemin.courriels.fichiers import CourrielEcrit
from parchemin.portail.presenters.demonstration import page_boite, page_courriel
from parchemin.socle.refus import Introuvable
from parchemin.socle.services import est_demonstration

CADRE: dict[str, Any] = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "sandbox": True,
    "frame-ancestors": ["'self'"],
}
"""Un courriel porte ses styles avec lui, et n'a droit à rien d'autre."""


@require_safe
def boite(request: HttpRequest) -> HttpResponse:
    """Tous les courriels de la démonstration, le plus récent d'abord. Lève `Introuvable` hors d'une démonstration."""
    page = page_boite(fichiers.lister(_dossier()))
    return render(request, "portail/demonstration_courriels.html", {"page": page})


@require_safe
def courriel(request: HttpRequest, nom: str) -> HttpResponse:
    """Un courriel : son HTML dans un cadre fermé, son texte, ses en-têtes."""
    return render(request, "portail/demonstration_courriel.html", {"page": page_courriel(_lu(nom))})


@require_safe
@xframe_options_sameorigin
@csp_override(CADRE)
def corps(request: HttpRequest, nom: str) -> HttpResponse:
    """Le HTML d'un courriel, seul : ni script, ni image du dehors, ni formulaire, ni accès à la session (`sandbox`)."""
    return HttpResponse(_lu(nom).html)


def _dossier() -> Path:
    if not est_demonstration():
        raise Introuvable
    return Path(settings.DONNEES) / "courriels"


def _lu(nom: str) -> CourrielEcrit:
    lu = fichiers.lire(_dossier(), nom)
    if lu is None:
        raise Introuvable("Ce courriel n’est plus là : la démonstration a pu être remise à zéro.")
    return lu
