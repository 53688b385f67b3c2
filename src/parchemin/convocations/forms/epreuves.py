"""Affecter, annuler."""

from __future__ import annotations

from django import forms

from parchemin.comptes.forms import FormAvecPersonnes
from parchemin.convocations.enums import Qualite
from parchemin.convocations.forms.places import FormQuiPasseOutre


class AffectationForm(FormQuiPasseOutre, FormAvecPersonnes):
    """Les deux évaluateurs, un par qualité : quelques noms proposés, une recherche pour les autres."""

    CHOISIS = ("metier", "certificateur")

    metier = forms.ChoiceField(
        label=str(Qualite.METIER.label).capitalize(), error_messages={"required": "Choisissez une personne."}
    )
    certificateur = forms.ChoiceField(
        label=str(Qualite.CERTIFICATEUR.label).capitalize(), error_messages={"required": "Choisissez une personne."}
    )


class Annulation(forms.Form):
    """Pourquoi l'épreuve n'aura pas lieu."""

    motif = forms.CharField(
        label="Motif",
        help_text="Le candidat le lira.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites pourquoi l'épreuve est annulée."},
    )
