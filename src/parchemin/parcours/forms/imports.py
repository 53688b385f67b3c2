"""La forme d'un import de candidats : le fichier, puis ses colonnes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from parchemin.parcours.forms.dossiers import Choix


class FormImportCandidats(forms.Form):
    """Un fichier de candidats, pour une version."""

    fichier = forms.FileField(
        label="Fichier",
        help_text="CSV ou .xlsx, 5 Mo et 5 000 lignes au plus. Personne n'est inscrit avant que vous ne confirmiez.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )


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
