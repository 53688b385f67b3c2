"""La forme de ce qui se saisit au portail : une recherche dans le journal, le rythme de chaque courriel."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from parchemin.courriels.enums import Rythme
from parchemin.courriels.genres import DU_JOUR
from parchemin.courriels.selectors import VuePreference
from parchemin.socle.formulaires import saisie_du_jour

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

TOUT, AUTEUR, SUJET = "tout", "auteur", "sujet"


class Recherche(forms.Form):
    """Chercher par personne, acte, objet et date. Rien n'est obligatoire ; une valeur illisible se dit à sa place."""

    qui = forms.CharField(
        label="Personne", required=False, max_length=80, widget=forms.TextInput(attrs={"type": "search"})
    )
    comme = forms.ChoiceField(
        label="Ce qu’elle",
        required=False,
        choices=[(TOUT, "a fait, ou ce qui la touche"), (AUTEUR, "a fait"), (SUJET, "n’a pas fait mais qui la touche")],
    )
    acte = forms.ChoiceField(label="Acte", required=False)  # ses choix viennent des capacités, voir `__init__`
    objet = forms.CharField(
        label="Objet",
        required=False,
        max_length=300,
        help_text="L’identifiant d’un dossier, d’une épreuve… ou l’adresse de sa page.",
    )
    du = forms.DateField(label="Du", required=False, widget=saisie_du_jour())
    au = forms.DateField(label="Au (compris)", required=False, widget=saisie_du_jour())
    personne = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, donnees: Mapping[str, Any], *, actes: Sequence[tuple[str, Any]]) -> None:
        super().__init__(donnees)
        self.fields["acte"] = forms.ChoiceField(label="Acte", required=False, choices=[("", "Tous"), *actes])

    def clean_objet(self) -> str:
        """L'identifiant que contient la saisie, fût-elle une adresse entière."""
        saisie: str = self.cleaned_data["objet"].strip()
        if not saisie:
            return ""
        trouve = _UUID.search(saisie)
        if trouve is None:
            raise forms.ValidationError("Aucun identifiant ici : collez celui de l’objet, ou l’adresse de sa page.")
        return trouve.group().lower()

    def clean(self) -> dict[str, Any]:
        """Refuse une période à l'envers."""
        valeurs = super().clean() or {}
        du, au = valeurs.get("du"), valeurs.get("au")
        if isinstance(du, date) and isinstance(au, date) and au < du:
            self.add_error("au", "La fin est avant le début.")
        return valeurs

    @property
    def personne_demandee(self) -> UUID | None:
        """La personne choisie, si l'adresse la porte."""
        return self.cleaned_data.get("personne") if self.is_valid() else None


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
