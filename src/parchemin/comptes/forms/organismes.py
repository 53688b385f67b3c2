"""Saisir un organisme, le fermer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from parchemin.comptes.enums import Branche
from parchemin.comptes.forms.commun import Choix
from parchemin.socle.formulaires import offrir, saisie_du_jour


class FormOrganisme(forms.Form):
    """La fiche d'un organisme, nouvelle ou à corriger. `parents` : ceux dont il peut dépendre."""

    nom = forms.CharField(label="Nom", max_length=160, help_text="Le nom entier, tel qu'il figure sur les documents.")
    nom_court = forms.CharField(label="Nom court", max_length=60, help_text="Pour les listes : « CPAM du Val d'Orne ».")
    branche = forms.ChoiceField(label="Branche", choices=Branche.choices)
    siret = forms.CharField(
        label="SIRET",
        required=False,
        max_length=20,
        help_text="Quatorze chiffres, espaces permis. Il évite les doublons et relie les imports.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    parent = forms.ChoiceField(
        label="Dépend de",
        required=False,
        help_text="L'organisme parent n'ouvre aucun droit sur celui-ci : un périmètre se donne organisme par organisme.",
    )
    adresse = forms.CharField(label="Adresse", required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    code_postal = forms.CharField(
        label="Code postal", required=False, max_length=10, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    commune = forms.CharField(label="Commune", required=False, max_length=80)
    hors_ligne = forms.BooleanField(
        label="L'épreuve peut se noter hors ligne",
        required=False,
        initial=True,
        help_text="Décochez si cet organisme ne veut aucune donnée d'évaluation sur l'appareil des évaluateurs.",
    )

    def __init__(self, *args: Any, parents: Choix, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offrir(self, "parent", [("", "D'aucun organisme"), *parents])

    def clean_parent(self) -> UUID | None:
        """L'identifiant du parent, ou rien."""
        return UUID(self.cleaned_data["parent"]) if self.cleaned_data["parent"] else None


class FormFermeture(forms.Form):
    """Quand et pourquoi un organisme ferme."""

    ferme_le = forms.DateField(label="Fermé à partir du", widget=saisie_du_jour())
    motif = forms.CharField(
        label="Pourquoi",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Fusion, changement de nom, disparition… Le motif se lit sur sa fiche.",
    )


class FormImport(forms.Form):
    """Un fichier d'organismes."""

    fichier = forms.FileField(
        label="Fichier",
        help_text="CSV ou .xlsx, 5 Mo et 5 000 lignes au plus. Rien ne s'écrit avant que vous ne confirmiez.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )
