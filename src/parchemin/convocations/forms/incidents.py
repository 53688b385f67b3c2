"""Signaler un incident, en décider."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from parchemin.convocations.enums import GenreIncident, SuiteIncident
from parchemin.socle.formulaires import offrir, saisie_de_l_instant


class SignalementForm(forms.Form):
    """Ce qui empêche l'épreuve d'aller au bout, et ce qui s'est passé."""

    genre = forms.ChoiceField(
        label="Que se passe-t-il ?", widget=forms.RadioSelect, error_messages={"required": "Choisissez un incident."}
    )
    motif = forms.CharField(
        label="Ce qui s'est passé",
        help_text="Le gestionnaire le lira, et lui seul. Ni nom d'usager, ni note : rien de ce que vous avez évalué.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites ce qui s'est passé, en une phrase."},
    )

    def __init__(self, *args: Any, genres: Sequence[GenreIncident], pour_le_jury: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if pour_le_jury:
            self.fields["genre"].label = "Qu'avez-vous appris ?"
            self.fields["motif"].help_text = "Le gestionnaire le lira, puis le jury. Ni nom d'usager, ni note."
        offrir(self, "genre", [(genre.value, genre.label) for genre in genres])


class SuiteForm(forms.Form):
    """Ce que devient l'épreuve suspendue. La date et le lieu ne servent qu'à replanifier."""

    suite = forms.ChoiceField(
        label="Votre décision", widget=forms.RadioSelect, error_messages={"required": "Choisissez une suite."}
    )
    prevue_le = forms.SplitDateTimeField(
        label="Nouvelle date",
        help_text="Pour replanifier seulement. À l'heure de Paris.",
        required=False,
        widget=saisie_de_l_instant(),
        error_messages={"invalid_date": "Ce jour n'existe pas.", "incomplete": "Dites le jour et l'heure."},
    )
    lieu = forms.CharField(
        label="Nouveau lieu",
        required=False,
        max_length=200,
        help_text="Pour replanifier seulement. Vide : le même lieu.",
    )
    motif = forms.CharField(
        label="Pourquoi",
        help_text="Le candidat et les évaluateurs le liront.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites pourquoi : le candidat le lira."},
    )

    def __init__(self, *args: Any, suites: Sequence[tuple[SuiteIncident, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offrir(self, "suite", [(suite.value, mots) for suite, mots in suites])
