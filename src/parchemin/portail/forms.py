"""La forme de ce qui se saisit au portail : le rythme de chaque genre de courriel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from parchemin.courriels.enums import Rythme
from parchemin.courriels.genres import DU_JOUR
from parchemin.courriels.selectors import VuePreference

RYTHMES_DU_JOUR = [(Rythme.QUOTIDIEN.value, "Chaque jour où quelque chose m’attend"), (Rythme.JAMAIS.value, "Jamais")]
"""Le courriel du jour ne peut pas venir « dès que cela arrive »."""


class ReglerCourriels(forms.Form):
    """Un choix par genre facultatif ; le nom d'un champ est le code du genre."""

    def __init__(self, *args: Any, preferences: Sequence[VuePreference], **options: Any) -> None:
        super().__init__(*args, **options)
        for vue in preferences:
            if vue.genre.obligatoire:
                continue
            rythmes = RYTHMES_DU_JOUR if vue.genre.code == DU_JOUR.code else Rythme.choices
            self.fields[vue.genre.code] = forms.ChoiceField(
                label=vue.genre.libelle, choices=rythmes, widget=forms.RadioSelect, initial=vue.rythme.value
            )

    def rythmes(self) -> dict[str, Rythme]:
        """Ce qui a été choisi, par code de genre."""
        return {code: Rythme(valeur) for code, valeur in self.cleaned_data.items()}
