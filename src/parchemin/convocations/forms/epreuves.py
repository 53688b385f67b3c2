"""Planifier, affecter, annuler."""

from __future__ import annotations

from django import forms

from parchemin.comptes.forms import FormAvecPersonnes
from parchemin.convocations.enums import Qualite
from parchemin.socle.formulaires import saisie_de_l_instant


class Planification(forms.Form):
    """Quand et où l'épreuve aura lieu."""

    prevue_le = forms.SplitDateTimeField(
        label="Jour et heure",
        help_text="À l'heure de Paris.",
        widget=saisie_de_l_instant(),
        error_messages={"required": "Dites le jour et l'heure.", "invalid_date": "Ce jour n'existe pas."},
    )
    lieu = forms.CharField(
        label="Lieu", max_length=200, help_text="Un site, un plateau, une salle, ou « à distance ».",
        error_messages={"required": "Dites où l'épreuve aura lieu."},
    )  # fmt: skip


class AffectationForm(FormAvecPersonnes):
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
