"""Demander un plan d'épreuves, y déplacer une épreuve, l'adopter."""

from __future__ import annotations

from typing import Any

from django import forms

from parchemin.socle.formulaires import saisie_du_jour

_JOUR = {"required": "Dites ce jour.", "invalid": "Ce jour n'existe pas."}


class OrganismeDuPlan(forms.Form):
    """De quel organisme l'on planifie les candidats, pour qui en gère plusieurs."""

    organisme = forms.ChoiceField(label="Organisme", error_messages={"required": "Choisissez un organisme."})


class DemandeDePlan(forms.Form):
    """Pour qui, et sur quelle période. `organisme` et `candidats` reçoivent leurs choix de la vue (`socle.formulaires.offrir`)."""

    organisme = forms.ChoiceField(
        widget=forms.HiddenInput,
        error_messages={"required": "Choisissez un organisme.", "invalid_choice": "Choisissez un organisme."},
    )
    du = forms.DateField(
        label="Du",
        widget=saisie_du_jour(),
        error_messages=_JOUR,
    )
    au = forms.DateField(label="Au", widget=saisie_du_jour(), error_messages=_JOUR)
    candidats = forms.MultipleChoiceField(
        label="Candidats prêts",
        help_text="Ceux qui attendent depuis le plus longtemps d'abord. Décochez qui ne doit pas être de ce plan.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choisissez au moins un candidat.",
            "invalid_choice": "Un candidat choisi n'est plus prêt : relisez la liste.",
        },
    )


class DeplacementForm(forms.Form):
    """Où l'on veut une épreuve du plan."""

    jour = forms.DateField(label="Jour", widget=saisie_du_jour(), error_messages=_JOUR)
    heure = forms.TimeField(
        label="Heure",
        required=False,
        help_text="À l'heure du site. Sans heure : le premier moment libre de ce jour.",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "Cette heure n'existe pas."},
    )
    salle = forms.ChoiceField(label="Salle", error_messages={"required": "Choisissez une salle."})
    metier = forms.ChoiceField(label="Représentant métier", error_messages={"required": "Choisissez une personne."})
    certificateur = forms.ChoiceField(
        label="Organisme certificateur ou son délégué", error_messages={"required": "Choisissez une personne."}
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class AdoptionForm(forms.Form):
    """Inscrire les épreuves du plan."""

    malgre = forms.BooleanField(
        label="J'ai lu ce qui s'oppose à certaines épreuves : inscrire celles que rien n'interdit",
        required=False,
        help_text="Ce que le règlement ou la base refuse le restera.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, opposees: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not opposees:
            del self.fields["malgre"]
