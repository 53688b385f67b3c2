"""Proposer un dossier à un autre organisme ; l'accueillir, ou le refuser."""

from __future__ import annotations

from typing import Any

from django import forms

from parchemin.parcours.forms.dossiers import Choix, FormDesigner
from parchemin.socle.formulaires import offrir


class FormMutation(forms.Form):
    """Vers quel organisme, et pourquoi."""

    vers = forms.ChoiceField(
        label="Organisme d'accueil", error_messages={"required": "Choisissez l'organisme qui l'accueillerait."}
    )
    motif = forms.CharField(
        label="Pourquoi ce dossier change-t-il d'organisme ?",
        help_text="L'autre gestionnaire lira ces mots.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites pourquoi : l'autre gestionnaire décide d'après ces mots."},
    )

    def __init__(self, *args: Any, organismes: Choix, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offrir(self, "vers", [("", "Choisir…"), *organismes])


class FormAccueillir(FormDesigner):
    """Qui accompagne désormais le candidat."""

    CHOISIS = ("tuteur", "manager", "referent_rh")

    tuteur = forms.ChoiceField(label="Tuteur", required=False)
    manager = forms.ChoiceField(label="Manager", required=False, help_text="Une autre personne que le tuteur.")
    referent_rh = forms.ChoiceField(label="Référent RH", required=False)


class FormRefus(forms.Form):
    """Pourquoi l'on n'accueille pas."""

    motif = forms.CharField(
        label="Si vous ne l'accueillez pas, pourquoi ?",
        help_text="L'autre gestionnaire lira ces mots ; le dossier reste chez lui.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites pourquoi vous ne l'accueillez pas."},
    )
