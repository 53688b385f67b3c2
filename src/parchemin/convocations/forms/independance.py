"""Déclarer, récuser, répondre."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from parchemin.convocations.enums import GenreDeclare
from parchemin.socle.formulaires import offrir


class DeclarationForm(forms.Form):
    """Ce que déclare qui va évaluer, ou relire. D'un lien, le genre seulement : rien d'autre n'est demandé."""

    genre = forms.ChoiceField(
        label="Je déclare sur l'honneur",
        choices=GenreDeclare.choices,
        widget=forms.RadioSelect,
        help_text="Si vous avez un lien, vous ne l'expliquez pas : quelqu'un d'autre est choisi.",
        error_messages={"required": "Choisissez une réponse."},
    )


class RecusationForm(forms.Form):
    """Quel évaluateur, et pourquoi."""

    evaluateur = forms.ChoiceField(
        label="Évaluateur", widget=forms.RadioSelect, error_messages={"required": "Choisissez un évaluateur."}
    )
    motif = forms.CharField(
        label="Motif",
        help_text="Le gestionnaire le lira. Ne dites que ce qui est utile à sa décision.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Dites pourquoi vous récusez cet évaluateur."},
    )

    def __init__(self, *args: Any, evaluateurs: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offrir(self, "evaluateur", list(evaluateurs))


class ReponseARecusation(forms.Form):
    """La réponse du gestionnaire, et son motif."""

    vers = forms.ChoiceField(
        label="Votre réponse",
        choices=[
            ("accueillie", "J'accueille la récusation : l'évaluateur est remplacé"),
            ("ecartee", "J'écarte la récusation : l'évaluateur reste"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une réponse."},
    )
    motif = forms.CharField(
        label="Motif",
        help_text="Le candidat le lira.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Dites pourquoi."},
    )
