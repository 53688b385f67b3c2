"""Les pages du référentiel. Elles sont publiques : un référentiel s'affiche, il ne se cache pas."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parchemin.referentiels import presenters, selectors
from parchemin.referentiels.documents import grille_vierge
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil, maintenant

RECHERCHE_MAX = 80


def _lecteur(request: HttpRequest) -> Acteur | None:
    return cast(Acteur | None, cast(Any, request).acteur)


@require_safe
def liste(request: HttpRequest) -> HttpResponse:
    """Les versions publiées."""
    lecteur = _lecteur(request)
    versions = tuple(
        (version, selectors.norme(lecteur, version.empreinte), selectors.fiche(lecteur, version))
        for version in selectors.versions_publiees(lecteur)
    )
    page = presenters.page_liste(versions, jour_civil(maintenant()))
    return render(request, "referentiels/liste.html", {"page": page})


@require_safe
def version(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """Une version : ses blocs, ses épreuves, ses quatre parties ; `?q=` y cherche."""
    lecteur = _lecteur(request)
    publiee = selectors.version_publiee(lecteur, code, version)
    recherche = request.GET.get("q", "")[:RECHERCHE_MAX]
    page = presenters.page_version(
        version=publiee,
        arbre=selectors.norme(lecteur, publiee.empreinte),
        contenu=selectors.contenu_norme(lecteur, publiee.empreinte),
        fiche=selectors.fiche(lecteur, publiee),
        annexes=selectors.annexes(lecteur, publiee),
        reglement=selectors.reglement_en_vigueur(lecteur, publiee, jour_civil(maintenant())),
        recherche=recherche,
        trouvailles=selectors.chercher(lecteur, publiee.empreinte, recherche),
    )
    return render(request, "referentiels/version.html", {"page": page})


@require_safe
def reglement(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """Le règlement en vigueur aujourd'hui, et toutes ses éditions."""
    lecteur = _lecteur(request)
    publiee = selectors.version_publiee(lecteur, code, version)
    page = presenters.page_reglement(
        version=publiee,
        fiche=selectors.fiche(lecteur, publiee),
        reglement=selectors.reglement_en_vigueur(lecteur, publiee, jour_civil(maintenant())),
        editions=selectors.editions(lecteur, publiee),
    )
    return render(request, "referentiels/reglement.html", {"page": page})


@require_safe
def grille(request: HttpRequest, code: str, version: str, bloc: str) -> HttpResponse:
    """La grille vierge d'un bloc, en PDF."""
    publiee = selectors.version_publiee(_lecteur(request), code, version)
    reponse = HttpResponse(grille_vierge(publiee, bloc), content_type="application/pdf")
    reponse["Content-Disposition"] = f'inline; filename="grille-{publiee.code}-{publiee.version}-{bloc}.pdf"'
    return reponse
