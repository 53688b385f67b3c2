"""Saisir une personne, un rôle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.forms.commun import Choix, champ_jour
from parchemin.socle.formulaires import offrir


@dataclass(frozen=True, slots=True)
class ChoixDeRole:
    """Ce qu'une personne peut donner : les natures, les organismes, et « partout » ou non."""

    natures: tuple[NatureRole, ...]
    organismes: Choix
    partout: bool
    certifications: Choix = ()
    """Vide : le rôle vaut pour toutes, et on ne le demande pas."""


PARTOUT = "partout"
"""La valeur du périmètre « tous les organismes »."""


class FiltrePersonnes(forms.Form):
    """Chercher dans la liste des personnes."""

    q = forms.CharField(
        label="Prénom ou nom", required=False, max_length=80, widget=forms.TextInput(attrs={"type": "search"})
    )
    role = forms.ChoiceField(label="Rôle", required=False)
    organisme = forms.ChoiceField(label="Organisme", required=False)

    def __init__(self, *args: Any, organismes: Choix, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offrir(self, "role", [("", "Tous"), *NatureRole.choices])
        offrir(self, "organisme", [("", "Tous"), *organismes])


class FormRole(forms.Form):
    """Un rôle et son périmètre."""

    nature = forms.ChoiceField(label="Rôle")
    organisme = forms.ChoiceField(label="Organisme", help_text="L'organisme où la personne tient ce rôle.")
    certification = forms.ChoiceField(label="Certification", required=False)
    du = champ_jour("À partir du", "Vide : dès aujourd'hui.", requis=False)
    dernier_jour = champ_jour("Jusqu'au", "Ce jour compris. Vide : sans fin prévue.", requis=False)

    def __init__(self, *args: Any, choix: ChoixDeRole, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offrir(self, "nature", [("", "Choisir…"), *((str(n), n.label) for n in choix.natures)])
        tous = [(PARTOUT, "Tous les organismes")] if choix.partout else []
        offrir(self, "organisme", [("", "Choisir…"), *tous, *choix.organismes])
        offrir(self, "certification", choix.certifications)
        if not choix.certifications:
            del self.fields["certification"]

    @property
    def periode(self) -> dict[str, Any]:
        """Les dates et la certification, telles que les services les attendent."""
        dernier: date | None = self.cleaned_data["dernier_jour"]
        return {
            "du": self.cleaned_data["du"],
            "au": dernier + timedelta(days=1) if dernier else None,
            "certification": self.cleaned_data.get("certification", ""),
        }

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
    field_order = (
        "prenom",
        "nom",
        "courriel_pro",
        "nature",
        "organisme",
        "certification",
        "du",
        "dernier_jour",
        "homonyme_admis",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.data.get("homonyme_admis"):
            self.fields["homonyme_admis"].widget = forms.HiddenInput()

    def proposer_homonyme(self) -> None:
        """Montre la case qui permet de passer outre."""
        self.fields["homonyme_admis"].widget = forms.CheckboxInput()
