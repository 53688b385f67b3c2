"""La forme d'une étape de VAE."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from parchemin.parcours.enums import GenreEtape
from parchemin.socle.formulaires import offrir, saisie_du_jour


class FormEtapeVae(forms.Form):
    """Ce qui a eu lieu, et quand. `possibles` : les étapes qui s'inscrivent là où en est le dossier."""

    genre = forms.ChoiceField(label="Qu’est-ce qui a eu lieu ?", widget=forms.RadioSelect)
    le = forms.DateField(
        label="Le",
        widget=saisie_du_jour(),
        error_messages={"required": "Dites quel jour.", "invalid": "Ce jour n’existe pas."},
    )
    mot = forms.CharField(
        label="Précision",
        required=False,
        max_length=500,
        help_text="Exigée pour une irrecevabilité, une étape ou une suspension. Le candidat la lira ; rien de médical.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, possibles: Sequence[GenreEtape], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offrir(self, "genre", [(genre.value, genre.label) for genre in possibles])
