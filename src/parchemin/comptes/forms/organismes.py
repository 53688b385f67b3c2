"""Saisir un organisme."""

from __future__ import annotations

from django import forms

from parchemin.comptes.enums import Branche


class FormOrganisme(forms.Form):
    """Un organisme nouveau."""

    nom = forms.CharField(label="Nom", max_length=160, help_text="Le nom entier, tel qu'il figure sur les documents.")
    nom_court = forms.CharField(label="Nom court", max_length=60, help_text="Pour les listes : « CPAM du Val d'Orne ».")
    branche = forms.ChoiceField(label="Branche", choices=Branche.choices)
    adresse = forms.CharField(label="Adresse", required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
