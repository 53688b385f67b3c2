"""La forme des saisies de l'évaluation : rien n'est enregistré ici."""

from __future__ import annotations

from django import forms

from parchemin.evaluation.enums import Sort


class FormQuarantaine(forms.Form):
    """Le sort de gestes mis à part, et son motif."""

    evaluateur = forms.UUIDField()
    sort = forms.ChoiceField(choices=Sort.choices)
    motif = forms.CharField(label="Pourquoi", max_length=500)
