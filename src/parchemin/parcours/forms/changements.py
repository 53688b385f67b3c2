"""Choisir la version sous laquelle un dossier se poursuit."""

from __future__ import annotations

from typing import Any

from django import forms

from parchemin.parcours.forms.dossiers import Choix
from parchemin.socle.formulaires import offrir


class FormVersion(forms.Form):
    """Une autre version de la même certification."""

    version = forms.ChoiceField(
        label="Poursuivre sous", widget=forms.RadioSelect, error_messages={"required": "Choisissez une version."}
    )

    def __init__(self, *args: Any, versions: Choix, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offrir(self, "version", versions)
