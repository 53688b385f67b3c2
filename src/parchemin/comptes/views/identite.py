"""Entrer par un fournisseur d'identité, et en revenir."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from parchemin.comptes.oidc import Echange
from parchemin.socle.gardes import ecriture_assumee


class _Retour(OAuth2CallbackView):  # type: ignore[misc]  # allauth n'est pas typé
    """Remet à l'échange le nonce que la demande avait gardé avec son `state`."""

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[dict[str, Any] | None, HttpResponse | None]:
        etat, reponse = super()._get_state(request, provider)
        request.session["oidc_nonce"] = (etat or {}).get("nonce", "")
        return etat, reponse


@require_POST
@never_cache
def entrer(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Part chez le fournisseur. En POST : un lien piégé ne suffit pas à commencer une connexion."""
    try:
        reponse: HttpResponse = OAuth2LoginView.adapter_view(Echange(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    return reponse


@require_safe
@never_cache
def revenir(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Le retour du fournisseur : un GET, que `state` protège, et qui ouvre une session (écriture assumée)."""
    try:
        with ecriture_assumee():
            reponse: HttpResponse = _Retour.adapter_view(Echange(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    return reponse
