"""La forme d'un import de candidats : ses colonnes ; et d'un import que l'on défait."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from parchemin.parcours.forms.dossiers import Choix


class FormDefaire(forms.Form):
    """Le motif d'un import que l'on défait."""

    motif = forms.CharField(
        label="Pourquoi défaire cet import ?",
        help_text="Chaque candidat le lira dans l'histoire de son dossier.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites pourquoi : chaque candidat le lira."},
    )


class FormColonnes(forms.Form):
    """Quelle colonne du fichier est laquelle : un choix par en-tête."""

    def __init__(
        self, *args: Any, entetes: Mapping[str, str], proposees: Mapping[str, str], choix: Choix, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for lettre, entete in entetes.items():
            self.fields[f"colonne_{lettre}"] = forms.ChoiceField(
                label=f"{lettre} · {entete or 'sans en-tête'}",
                required=False,
                choices=[("", "Ne pas lire"), *choix],
                initial=proposees.get(lettre, ""),
            )

    @property
    def correspondance(self) -> dict[str, str]:
        """Lettre de colonne → code."""
        return {nom.removeprefix("colonne_"): code for nom, code in self.cleaned_data.items()}
