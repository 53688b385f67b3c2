"""Inviter, choisir son mot de passe, se connecter."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from django import forms


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


class Connexion(LoginForm):  # type: ignore[misc]  # allauth n’a pas de types
    """La connexion d'allauth, sans les mots en double : la page donne déjà le nom des champs et le lien d'oubli."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for champ in self.fields.values():
            champ.help_text = ""
            champ.widget.attrs.pop("placeholder", None)
