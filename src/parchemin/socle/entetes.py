"""Ce que chaque réponse porte : ni capteurs, ni partage entre sites, ni copie d'une page personnelle ; un identifiant."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from parchemin.socle import journaux

technique = structlog.get_logger("parchemin.acces_http")

INTERDITS = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
    "gyroscope", "hid", "idle-detection", "magnetometer", "microphone", "midi", "payment", "picture-in-picture",
    "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
"""Ce dont aucune page n'a besoin. Les clés d'accès (`publickey-credentials-*`) restent permises à notre origine."""
PERMISSIONS = ", ".join(f"{nom}=()" for nom in INTERDITS)


class RequeteMiddleware:
    """Tire l'identifiant de la requête, le rend dans `X-Request-ID`, et écrit la ligne d'accès : la route, jamais l'adresse.

    L'adresse porte des jetons (invitation, mot de passe oublié) et des noms cherchés : seule la forme de la route
    s'écrit (« comptes/invitation/<str:jeton>/ »). Le journal d'accès de granian reste éteint.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        identifiant = secrets.token_hex(8)
        jeton, debut = journaux.requete.set(identifiant), time.perf_counter()
        try:
            reponse = self.get_response(request)
            if not request.path_info.startswith(f"/{settings.STATIC_URL.strip('/')}/"):
                correspondance = request.resolver_match
                technique.info(
                    "requete",
                    methode=request.method if request.method in METHODES else "autre",
                    route=(correspondance.route or "/") if correspondance else "aucune",
                    statut=reponse.status_code,
                    duree_ms=round((time.perf_counter() - debut) * 1000),
                )
        finally:
            journaux.requete.reset(jeton)
        reponse["X-Request-ID"] = identifiant
        return reponse


METHODES = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class EntetesMiddleware:
    """Pose `Permissions-Policy`, `Cross-Origin-Resource-Policy`, et `no-store` sur tout ce qui n'a rien dit de sa durée.

    Une page peut dire mieux (`Cache-Control`) ; sans rien dire, elle n'est gardée nulle part : ni par un mandataire, ni
    par le navigateur d'un poste partagé. Les fichiers statiques, servis plus haut, gardent leur longue durée.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reponse = self.get_response(request)
        reponse.setdefault("Permissions-Policy", PERMISSIONS)
        reponse.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        reponse.setdefault("Cache-Control", "private, no-store")
        return reponse
