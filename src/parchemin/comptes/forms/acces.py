"""Inviter, choisir son mot de passe, se connecter."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.core.cache import cache


class FormInviter(forms.Form):
    """L'adresse qui deviendra celle de la connexion."""

    courriel = forms.EmailField(
        label="Courriel de connexion", help_text="La personne se connectera avec cette adresse."
    )


class FormMotDePasse(forms.Form):
    """Choisir son mot de passe, deux fois."""

    mot_de_passe = forms.CharField(
        label="Mot de passe",
        strip=False,
        help_text="Douze signes au moins. Trois mots sans rapport entre eux font un bon mot de passe.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    encore = forms.CharField(
        label="Le même mot de passe, encore",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_encore(self) -> str:
        """Les deux saisies sont la même."""
        encore: str = self.cleaned_data["encore"]
        if encore != self.cleaned_data.get("mot_de_passe", encore):
            raise forms.ValidationError(
                "Les deux mots de passe diffèrent : retapez-les.", code="mots_de_passe_differents"
            )
        return encore


class FormCourriel(forms.Form):
    """La nouvelle adresse de connexion."""

    courriel = forms.EmailField(
        label="Nouvelle adresse",
        help_text="Un lien y sera envoyé : rien ne change avant que vous ne l’ayez ouvert.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class Connexion(LoginForm):  # type: ignore[misc]  # allauth n’a pas de types
    """La connexion d'allauth, sans les mots en double : la page donne déjà le nom des champs et le lien d'oubli."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for champ in self.fields.values():
            champ.help_text = ""
            champ.widget.attrs.pop("placeholder", None)


VIE_D_UN_CODE = 30 * 4
"""Secondes pendant lesquelles un code temporel pourrait encore passer (tolérance d'un pas) : il ne sert qu'une fois."""


class _CodeUnique:
    """Un code temporel ne sert qu'une fois pendant toute la durée où il serait accepté."""

    def clean_code(self) -> str:
        """Lève `incorrect_code` si ce code vient de servir."""
        code: str = super().clean_code()  # type: ignore[misc]  # le formulaire d'allauth
        facteur = self.authenticator  # type: ignore[attr-defined]  # posé par allauth
        if facteur.type == Authenticator.Type.TOTP and not cache.add(
            f"parchemin:code:{facteur.pk}:{code.strip()}", 1, VIE_D_UN_CODE
        ):
            raise get_adapter().validation_error("incorrect_code")
        return code


def _saisie_de_code(formulaire: forms.Form) -> None:
    champ = formulaire.fields["code"]
    champ.widget.attrs.pop("placeholder", None)
    champ.widget.attrs |= {"autocomplete": "one-time-code", "spellcheck": "false", "autocapitalize": "none"}


class SecondFacteur(_CodeUnique, AuthenticateForm):  # type: ignore[misc]  # allauth n’a pas de types
    """Le code demandé à la connexion : celui de l'application, ou un code de secours."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _saisie_de_code(self)


class Reconfirmation(_CodeUnique, ReauthenticateForm):  # type: ignore[misc]  # allauth n’a pas de types
    """Le même code, redemandé avant un acte qui engage."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _saisie_de_code(self)


class CodesTemporels(ActivateTOTPForm):  # type: ignore[misc]  # allauth n’a pas de types
    """Le premier code, qui prouve que l'application est réglée."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Code à six chiffres"
        _saisie_de_code(self)


class CleAcces(AddWebAuthnForm):  # type: ignore[misc]  # allauth n’a pas de types
    """Une clé d'accès de plus ; par défaut elle suffit à elle seule pour se connecter."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"passwordless": True} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        nom, seule = self.fields["name"], self.fields["passwordless"]
        nom.label, nom.help_text = "Nom de cette clé", "Pour la reconnaître : « téléphone », « ordinateur du bureau »."
        seule.label = "Me connecter avec cette clé seule, sans mot de passe"
        seule.help_text = "La clé demande alors votre empreinte, votre visage ou son code."


class RenommerCle(EditWebAuthnForm):  # type: ignore[misc]  # allauth n’a pas de types
    """Le nom d'une clé."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "Nom de cette clé"
