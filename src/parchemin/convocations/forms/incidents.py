"""Signaler un incident, en décider."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from parchemin.convocations.enums import GenreIncident, SuiteIncident
from parchemin.convocations.forms.places import FormPlace, instant_local
from parchemin.socle.formulaires import offrir


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


class SuiteForm(FormPlace):
    """Ce que devient l'épreuve suspendue. La place ne sert qu'à replanifier ; sans salle ni lieu, la même."""

    suite = forms.ChoiceField(
        label="Votre décision", widget=forms.RadioSelect, error_messages={"required": "Choisissez une suite."}
    )
    prevue_le = instant_local("Nouvelle date", requis=False, aide="Pour replanifier seulement.")
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
        self.fields["lieu"].label = "Nouveau lieu"
        self.fields["lieu"].help_text = "Pour replanifier seulement. Ni salle ni lieu : la même place."
