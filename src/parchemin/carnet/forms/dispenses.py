"""La forme d'une dispense : quels blocs, pourquoi ; et de son retrait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from parchemin.socle.formulaires import offrir


class Dispense(forms.Form):
    """Les blocs dont on dispense du carnet, et le motif."""

    blocs = forms.MultipleChoiceField(
        label="Blocs",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins un bloc.", "invalid_choice": "Choisissez dans la liste."},
    )
    motif = forms.CharField(
        label="Motif",
        max_length=1000,
        help_text="Le candidat, le tuteur, le manager et les évaluateurs le liront. Rien de médical.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites pourquoi vous dispensez de ce carnet."},
    )

    def __init__(self, donnees: Mapping[str, Any] | None, *, blocs: Sequence[tuple[str, str]]) -> None:
        super().__init__(donnees)
        offrir(self, "blocs", blocs)


class RetraitDispense(forms.Form):
    """Pourquoi l'on retire une dispense."""

    motif = forms.CharField(
        label="Motif",
        max_length=1000,
        help_text="La dispense retirée reste dans l'histoire. Ce qui est déjà convoqué le reste.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites pourquoi vous retirez cette dispense."},
    )
