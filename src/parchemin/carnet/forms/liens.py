"""La forme de ce qui se saisit autour d'un lien : qui demander et quoi, le code reçu, le motif d'une répudiation ou d'une levée."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from parchemin.parcours.enums import Qualite
from parchemin.socle.formulaires import offrir


class Demande(forms.Form):
    """À qui demander, et quelles compétences."""

    qualites = forms.MultipleChoiceField(
        label="À qui",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choisissez à qui demander.",
            "invalid_choice": "Choisissez le tuteur ou le manager.",
        },
    )
    competences = forms.MultipleChoiceField(
        label="Compétences à attester",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choisissez au moins une compétence.",
            "invalid_choice": "Choisissez dans la liste.",
        },
    )

    def __init__(
        self,
        donnees: Mapping[str, Any] | None,
        *,
        qualites: Sequence[tuple[str, str]],
        competences: Sequence[tuple[str, Sequence[tuple[str, str]]]],
    ) -> None:
        super().__init__(donnees, initial={"qualites": [code for code, _ in qualites]})
        offrir(self, "qualites", qualites)
        offrir(self, "competences", competences)

    def demandees(self) -> tuple[Qualite, ...]:
        """Les qualités choisies."""
        return tuple(Qualite(code) for code in self.cleaned_data["qualites"])


class Code(forms.Form):
    """Les six chiffres reçus ; les espaces sont admises."""

    code = forms.CharField(
        label="Code à six chiffres",
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
        error_messages={"required": "Saisissez les six chiffres."},
    )


class Repudier(forms.Form):
    """Ce que la personne veut en dire, ou rien."""

    motif = forms.CharField(
        label="Un mot pour le gestionnaire",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class Lever(forms.Form):
    """Ce que le gestionnaire a éclairci."""

    motif = forms.CharField(
        label="Ce que vous avez éclairci",
        max_length=1000,
        help_text="Avec qui, et ce qui a été convenu. Reste dans l'histoire du carnet.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites ce que vous avez éclairci, et avec qui."},
    )
