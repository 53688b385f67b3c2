"""Le dossier d'un candidat, tel que toutes les capacités le racontent."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.portail import presenters
from parchemin.registre.consultations import regarder
from parchemin.socle.horloge import maintenant


@require_safe
@connecte
def voir(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """La page d'un dossier ouvert au lecteur ; 404 sinon, sans dire s'il existe."""
    page = presenters.page_dossier(request.acteur, request.droits, identifiant, maintenant())
    regarder(request, page.regard)
    return render(request, "portail/dossier.html", {"page": page})
