"""Saisir une ligne du registre, chercher dans le registre."""

from __future__ import annotations

from django import forms

from parchemin.comptes.enums import EtatRegistre, QualiteRegistre
from parchemin.comptes.forms.commun import champ_jour


class FormHabiliter(forms.Form):
    """L'habilitation d'une personne, et ses preuves."""

    qualite = forms.ChoiceField(label="Qualité", choices=QualiteRegistre.choices)
    metier = forms.CharField(
        label="Preuve du métier", max_length=200, help_text="Poste tenu, depuis quand, où : de quoi le vérifier."
    )
    formation = forms.CharField(label="Formation à l'évaluation", max_length=200)
    formee_le = champ_jour("Formée le")
    habilitee_le = champ_jour("Habilitée à partir du")
    renouveler_le = champ_jour("À renouveler le", "Ce jour-là, l'habilitation ne vaut plus.")


class FormRadier(forms.Form):
    """Pourquoi une habilitation prend fin."""

    motif = forms.CharField(label="Pourquoi ?", max_length=200, help_text="La personne concernée le lira.")


class FiltreRegistre(forms.Form):
    """Chercher dans le registre."""

    q = forms.CharField(
        label="Prénom ou nom", required=False, max_length=80, widget=forms.TextInput(attrs={"type": "search"})
    )
    qualite = forms.ChoiceField(label="Qualité", required=False, choices=[("", "Toutes"), *QualiteRegistre.choices])
    etat = forms.ChoiceField(label="État", required=False, choices=[("", "Tous"), *EtatRegistre.choices])
