"""La forme des saisies : rien n'est enregistré ici. Un champ garde ce qu'on y a tapé quand la page le refuse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.account.forms import LoginForm
from django import forms

from parchemin.comptes.enums import Branche, NatureRole
from parchemin.socle.refus import Refus

type Choix = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ChoixDeRole:
    """Ce qu'une personne peut donner : les natures, les organismes, et « partout » ou non."""

    natures: tuple[NatureRole, ...]
    organismes: Choix
    partout: bool


PARTOUT = "partout"
"""La valeur du périmètre « tous les organismes »."""


def porter_refus(formulaire: forms.Form, refus: Refus, champ: str | None = None) -> None:
    """Montre un refus dans le formulaire, sur le champ en cause quand on le connaît."""
    for texte in refus.details or (refus.message,):
        formulaire.add_error(champ, texte)


class FiltrePersonnes(forms.Form):
    """Chercher dans la liste des personnes."""

    q = forms.CharField(
        label="Prénom ou nom", required=False, max_length=80, widget=forms.TextInput(attrs={"type": "search"})
    )
    role = forms.ChoiceField(label="Rôle", required=False)
    organisme = forms.ChoiceField(label="Organisme", required=False)

    def __init__(self, *args: Any, organismes: Choix, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", "Tous"), *NatureRole.choices]  # type: ignore[attr-defined]
        self.fields["organisme"].choices = [("", "Tous"), *organismes]  # type: ignore[attr-defined]


class FormRole(forms.Form):
    """Un rôle et son périmètre."""

    nature = forms.ChoiceField(label="Rôle")
    organisme = forms.ChoiceField(label="Organisme", help_text="L'organisme où la personne tient ce rôle.")

    def __init__(self, *args: Any, choix: ChoixDeRole, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nature"].choices = [("", "Choisir…"), *((str(n), n.label) for n in choix.natures)]  # type: ignore[attr-defined]
        tous = [(PARTOUT, "Tous les organismes")] if choix.partout else []
        self.fields["organisme"].choices = [("", "Choisir…"), *tous, *choix.organismes]  # type: ignore[attr-defined]

    def clean_organisme(self) -> UUID | None:
        """L'organisme choisi ; `None` pour « tous »."""
        valeur = self.cleaned_data["organisme"]
        return None if valeur == PARTOUT else UUID(valeur)


class FormPersonne(FormRole):
    """Une personne nouvelle et son premier rôle."""

    prenom = forms.CharField(label="Prénom", max_length=80)
    nom = forms.CharField(label="Nom", max_length=80)
    courriel_pro = forms.EmailField(
        label="Courriel professionnel",
        required=False,
        help_text="Sert à l'inviter ; n'est montré qu'aux gestionnaires.",
    )
    homonyme_admis = forms.BooleanField(
        label="C'est une autre personne que celle du même nom déjà enregistrée", required=False
    )
    field_order = ("prenom", "nom", "courriel_pro", "nature", "organisme", "homonyme_admis")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.data.get("homonyme_admis"):
            self.fields["homonyme_admis"].widget = forms.HiddenInput()

    def proposer_homonyme(self) -> None:
        """Montre la case qui permet de passer outre."""
        self.fields["homonyme_admis"].widget = forms.CheckboxInput()


class FormOrganisme(forms.Form):
    """Un organisme nouveau."""

    nom = forms.CharField(label="Nom", max_length=160, help_text="Le nom entier, tel qu'il figure sur les documents.")
    nom_court = forms.CharField(label="Nom court", max_length=60, help_text="Pour les listes : « CPAM du Val d'Orne ».")
    branche = forms.ChoiceField(label="Branche", choices=Branche.choices)
    adresse = forms.CharField(label="Adresse", required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 3}))


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
