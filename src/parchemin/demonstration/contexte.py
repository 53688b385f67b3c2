"""Le code du second facteur, montré dans la page, à la démonstration seulement : ses mots de passe sont déjà connus de tous."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.stagekit import unstash_login
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.http import HttpRequest

from parchemin.socle.services import est_demonstration

PAGES = frozenset({"mfa_authenticate", "mfa_reauthenticate"})


def code_de_demonstration(request: HttpRequest) -> dict[str, Any]:
    """`code_de_demonstration`, sur les deux pages qui demandent un code ; rien hors d'une base marquée « démonstration »."""
    page = request.resolver_match.url_name if request.resolver_match else ""
    if page not in PAGES or settings.PARCHEMIN_ENV != "demo" or not est_demonstration():
        return {}
    etape = unstash_login(request, peek=True)
    compte = request.user if request.user.is_authenticated else etape and etape.user
    facteur = Authenticator.objects.filter(user_id=compte.pk, type=Authenticator.Type.TOTP).first() if compte else None
    if facteur is None:
        return {}
    _, compteur, _ = yield_hotp_counters_from_time()
    return {"code_de_demonstration": format_hotp_value(hotp_value(decrypt(facteur.data["secret"]), compteur))}
