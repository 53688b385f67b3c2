"""Ce que Parchemin demande à django-allauth : pas d'inscription libre, des pages en français, des secrets chiffrés."""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe

from parchemin.comptes import services
from parchemin.comptes.permissions import preuve_recente, second_facteur_exige
from parchemin.comptes.selectors import droits
from parchemin.comptes.services.securite import technique
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.refus import Refus

FACTEURS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""Ceux qui suffisent à tenir lieu de second facteur ; les codes de secours ne sont que leur filet."""


class Adaptateur(DefaultAccountAdapter):  # type: ignore[misc]  # allauth n'est pas typé
    """On entre par invitation (`comptes.services.accepter_invitation`), jamais par un formulaire public."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "Ce compte est désactivé. Écrivez à la personne qui gère votre dossier.",
        "email_password_mismatch": "Le courriel ou le mot de passe ne va pas. Vérifiez les deux et réessayez.",
        "incorrect_password": "Ce n'est pas votre mot de passe. Retapez-le.",
        "too_many_login_attempts": "Trop d'essais. Attendez quelques minutes, puis réessayez.",
        "rate_limited": "Trop d'essais. Attendez quelques minutes, puis réessayez.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Toujours faux : un compte s'ouvre par invitation."""
        return False

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """Il n'y a pas de nom d'utilisateur : le courriel suffit."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Compte l'essai. Au-delà de la limite, refuse et l'inscrit."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            services.noter_blocage(courriel=str(credentials.get("email", "")), maintenant=maintenant())
            raise

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Dépose dans la boîte d'envoi le lien d'un mot de passe oublié, ou la réponse à une adresse que personne ne porte."""
        match template_prefix:
            case "account/email/password_reset_key":
                services.envoyer_lien_de_mot_de_passe(
                    personne=context["user"].personne_id,
                    adresse=context["user"].courriel,
                    chemin=urlsplit(context["password_reset_url"]).path,
                    maintenant=maintenant(),
                )
            case "account/email/unknown_account":
                services.repondre_a_une_adresse_inconnue(adresse=email, maintenant=maintenant())
            case _:
                raise ValueError(f"courriel d'allauth que personne n'a écrit : {template_prefix}")

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Avise la personne de ce qui vient de changer sur son compte, à l'adresse de son compte."""
        services.aviser(
            avis=template_prefix,
            personne=user.personne_id,
            adresse=user.courriel,
            depuis=self.get_client_ip(self.request),
            auteur=Acteur(user.personne_id),
            maintenant=maintenant(),
        )

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Pour changer un second facteur : une preuve de moins de dix minutes, connexion comprise."""
        return not preuve_recente(context.request.session, PREUVE_POUR_UN_FACTEUR, maintenant())


PREUVE_POUR_UN_FACTEUR = timedelta(minutes=10)


class AdaptateurSecondFacteur(DefaultMFAAdapter):  # type: ignore[misc]  # allauth n'est pas typé
    """Le secret d'un second facteur est chiffré dans la base ; le dernier ne se retire pas quand un rôle l'exige."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": "Votre rôle exige un second facteur : ajoutez-en un autre avant de retirer celui-ci.",
        "cannot_generate_recovery_codes": "Mettez d'abord en place une application de codes ou une clé d'accès.",
        "incorrect_code": "Ce code ne va pas. Attendez le suivant et retapez-le.",
    }

    def get_totp_issuer(self) -> str:
        """Le nom que montre l'application de codes."""
        return "Parchemin"

    def build_totp_svg(self, url: str) -> SafeString:
        """Le QR code, en élément de la page : la CSP refuse une image en `data:`."""
        svg: str = super().build_totp_svg(url)
        return mark_safe(svg[svg.index("<svg") :])  # noqa: S308 : engendré ici, sans texte de l'usager

    def encrypt(self, text: str) -> str:
        """Chiffré sous une clé tirée de `SECRET_KEY`."""
        return _chiffre().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Relit aussi ce qui fut chiffré sous une clé de `SECRET_KEY_FALLBACKS`."""
        return _chiffre().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Faux pour le dernier facteur de qui en doit un."""
        reste = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=FACTEURS).exclude(
            pk=authenticator.pk
        )
        personne = Acteur(authenticator.user.personne_id)
        return reste.exists() or not second_facteur_exige(droits(personne, jour_civil(maintenant())))

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 : le nom d'allauth
        """Le nom proposé d'une clé d'accès."""
        rang = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return f"Clé n° {rang}"


class AdaptateurIdentite(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth n'est pas typé
    """Qui revient d'un fournisseur d'identité est reconnu par son `sub`, sinon par son courriel vérifié ; ou n'entre pas."""

    def generate_state_param(self, state: dict[str, Any]) -> str:
        """256 bits, 43 signes : ProConnect en veut 32 au moins."""
        return secrets.token_urlsafe(32)

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Rattache une première fois ; ensuite `sub` suffit. Une personne inconnue n'entre pas, et aucun droit ne naît ici."""
        visage = sociallogin.account.extra_data.get("userinfo", {})
        sociallogin.account.extra_data = {"acr": sociallogin.account.extra_data.get("id_token", {}).get("acr")}
        if sociallogin.is_existing:
            return
        try:
            compte = services.rattacher_identite(
                fournisseur=sociallogin.account.provider,
                courriel=str(visage.get("email") or ""),
                verifie=self._verifie(sociallogin, visage),
                maintenant=maintenant(),
            )
        except Refus as refus:
            technique.warning("identite_refusee", raison=refus.code)
            page = render(request, "socialaccount/inconnu.html", {"refus": refus}, status=403)
            raise ImmediateHttpResponse(page) from refus
        sociallogin.connect(request, compte)

    def _verifie(self, sociallogin: Any, visage: dict[str, Any]) -> bool:
        """Vrai si le fournisseur dit avoir vérifié le courriel, ou si le réglage dit qu'il le fait toujours."""
        reglages = sociallogin.provider.app.settings
        return visage.get("email_verified") is True or reglages.get("courriel_toujours_verifie") is True

    def on_authentication_error(self, request: HttpRequest, provider: Any, **details: Any) -> None:
        """Au journal technique : la nature de l'erreur, jamais ce que disait le fournisseur."""
        exception = details.get("exception")
        technique.warning("identite_en_erreur", erreur=type(exception).__name__ if exception else "etat")


def _chiffre() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    cles = [hashlib.sha256(b"parchemin.second-facteur" + secret.encode()).digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(cle)) for cle in cles])
