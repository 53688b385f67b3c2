"""Entrer par un fournisseur d'identité (OpenID Connect) : ce que Parchemin vérifie de plus que django-allauth.

* `state` et `nonce` de 43 signes ; le nonce de l'ID token est celui de la demande, et ne sert qu'une fois ;
* la signature de l'ID token est toujours vérifiée, par une clé publiée du fournisseur et un algorithme de notre liste
  (ni `none`, ni secret partagé), avec l'émetteur, le destinataire, les dates ;
* un userinfo signé (`application/jwt`, ProConnect) l'est aussi ; son `sub` est celui de l'ID token.

Une revendication ne donne jamais de droit : elle dit qui entre, rien d'autre. Les rôles se donnent dans Parchemin.
"""

from __future__ import annotations

import secrets
from typing import Any, cast

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialToken
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse

ALGORITHMES = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384")
TOLERANCE = 30
"""Secondes d'écart admis entre l'horloge du fournisseur et la nôtre."""
EXIGEES = ("iss", "aud", "exp", "iat", "sub")


class Fournisseur(OpenIDConnectProvider):  # type: ignore[misc]  # allauth n'est pas typé
    """Un fournisseur réglé par l'environnement ; chaque demande porte un nonce, gardé avec son `state`."""

    def redirect(
        self,
        request: HttpRequest,
        process: str,  # noqa: ARG002 : « lier ce compte » ne se demande pas par l'adresse
        next_url: str | None = None,
        data: Any = None,
        **kwargs: Any,
    ) -> HttpResponse:
        """Mène chez le fournisseur. Rien de ce que demande l'adresse (`process`, `scope`, `auth_params`) n'est repris."""
        nonce = secrets.token_urlsafe(32)
        kwargs |= {"scope": self.get_scope(), "auth_params": self.get_auth_params() | {"nonce": nonce}, "nonce": nonce}
        reponse: HttpResponse = super().redirect(request, AuthProcess.LOGIN, next_url, data, **kwargs)
        return reponse

    def get_oauth2_adapter(self, request: HttpRequest) -> Echange:
        """Nos vérifications, pas celles d'allauth."""
        return Echange(request, self.app.provider_id)


class Echange(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth n'est pas typé
    """L'échange avec le fournisseur, du code au visage."""

    def get_provider(self) -> Fournisseur:
        """Le fournisseur de cette adresse ; lève `SocialApp.DoesNotExist` pour un inconnu."""
        app = get_adapter().get_app(self.request, provider=self.provider_id)
        return Fournisseur(self.request, app=app)

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> Any:  # noqa: ARG002 : la forme d'allauth
        """Vérifie tout, puis rend ce qui servira à reconnaître la personne. Lève `OAuth2Error` au moindre doute."""
        nonce = request.session.pop("oidc_nonce", "")
        brut = kwargs["response"].get("id_token")
        if not brut:
            raise OAuth2Error("pas d'ID token")
        identite = self._lire_jeton(brut, EXIGEES)
        if not nonce or not secrets.compare_digest(str(identite.get("nonce", "")), nonce):
            raise OAuth2Error("nonce inattendu")
        visage = self._lire_userinfo(token.token)
        if visage.get("sub") != identite["sub"]:
            raise OAuth2Error("le userinfo parle de quelqu'un d'autre")
        donnees = {"userinfo": visage, "id_token": {cle: identite.get(cle) for cle in ("sub", "acr", "amr")}}
        return self.get_provider().sociallogin_from_response(request, donnees)

    def _lire_userinfo(self, acces: str) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            reponse = session.get(self.profile_url, headers={"Authorization": f"Bearer {acces}"})
            reponse.raise_for_status()
        genre = reponse.headers.get("content-type", "").split(";")[0].strip().lower()
        if genre == "application/jwt":
            return self._lire_jeton(reponse.text, ("iss", "aud", "sub"))
        if self.get_provider().app.settings.get("userinfo_signe"):
            raise OAuth2Error("userinfo non signé")
        try:
            lu = reponse.json()
        except ValueError as erreur:
            raise OAuth2Error("userinfo illisible") from erreur
        return cast(dict[str, Any], lu)

    def _lire_jeton(self, brut: str, exigees: tuple[str, ...]) -> dict[str, Any]:
        try:
            entete = jwt.get_unverified_header(brut)
            if entete.get("alg") not in ALGORITHMES:
                raise OAuth2Error("algorithme refusé")
            lu: dict[str, Any] = jwt.decode(
                brut,
                key=self._cle(entete),
                algorithms=[entete["alg"]],
                audience=self.get_provider().app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=TOLERANCE,
                options={"require": list(exigees)},
            )
        except (jwt.PyJWTError, ValueError, KeyError) as erreur:
            raise OAuth2Error("jeton refusé") from erreur
        return lu

    def _cle(self, entete: dict[str, Any]) -> jwt.PyJWK:
        with get_adapter().get_requests_session() as session:
            reponse = session.get(self.openid_config["jwks_uri"])
            reponse.raise_for_status()
        cles = [cle for cle in jwt.PyJWKSet.from_dict(reponse.json()).keys if cle.public_key_use in {None, "sig"}]
        voulues = [cle for cle in cles if cle.key_id == entete.get("kid")] if entete.get("kid") else cles
        if len(voulues) != 1:
            raise OAuth2Error("clé inconnue")
        return voulues[0]
