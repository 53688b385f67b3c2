"""Ce qu'il faut pour évaluer sans réseau : le secret qui rouvre un coffre, la coquille sans données, la journée à préparer."""

from __future__ import annotations

from base64 import b64encode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.evaluation import presenters
from parchemin.evaluation.permissions import verifier_peut_voir_sa_journee
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import maintenant

USAGE = "parchemin.evaluation.hors_ligne"


@require_POST
@never_cache
def cle(request: HttpRequest) -> JsonResponse:
    """Les secrets qui rouvrent les coffres de cette personne, le plus récent d'abord, en base 64.

    Tirés de la clé du site et de la personne, jamais gardés : un appareil copié ne s'ouvre pas sans se connecter comme
    elle. Les anciennes clés (`SECRET_KEY_FALLBACKS`) rouvrent ce qu'elles avaient fermé.
    """
    acteur = getattr(request, "acteur", None)
    if acteur is None:
        return JsonResponse({"erreur": {"code": "connexion_requise", "message": "Reconnectez-vous."}}, status=401)
    return JsonResponse({"secrets": secrets_du_coffre(acteur)})


def secrets_du_coffre(acteur: Acteur) -> list[str]:
    """Un secret par clé du site. La page de la grille les porte aussi : un coffre se rouvre sans une requête de plus."""
    cles = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    tires = [salted_hmac(USAGE, str(acteur.id), secret=une, algorithm="sha256").digest() for une in cles]
    return [b64encode(secret).decode() for secret in tires]


@require_safe
def coquille(request: HttpRequest) -> HttpResponse:
    """La page que le navigateur garde pour les jours sans réseau : elle ne porte aucune donnée, de personne."""
    return render(request, "evaluation/hors_ligne.html", {"identite": None})


@require_safe
@connecte
def journee(request: RequeteConnectee) -> HttpResponse:
    """Les épreuves d'un évaluateur : aujourd'hui, en retard, à venir ; ce qui est scellé, ce qui attend l'autre."""
    verifier_peut_voir_sa_journee(request.droits)
    page = presenters.page_journee(request.acteur, maintenant())
    return render(request, "evaluation/journee.html", {"page": page})
