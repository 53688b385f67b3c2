"""Saisir un lien entre deux personnes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from parchemin.comptes.enums import GENRES_SAISIS
from parchemin.socle.formulaires import offrir

SENS = (
    ("vers", "Cette personne encadre, forme ou accompagne celle de la fiche"),
    ("de", "La personne de la fiche l'encadre, la forme ou l'accompagne"),
)


class ChercherPersonne(forms.Form):
    """Avec qui : un prénom, un nom."""

    q = forms.CharField(
        label="Avec qui ?",
        max_length=80,
        required=False,
        help_text="Prénom ou nom. Vous trouvez vos personnes, et celles qui évaluent d'où qu'elles viennent.",
        widget=forms.TextInput(attrs={"type": "search"}),
    )


def _jour(libelle: str, aide: str) -> forms.DateField:
    return forms.DateField(
        label=libelle,
        required=False,
        help_text=aide,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Ce jour n'existe pas."},
    )


class FormLien(forms.Form):
    """Avec qui, de quel genre, dans quel sens, de quand à quand."""

    autre = forms.ChoiceField(
        label="Personne", widget=forms.RadioSelect, error_messages={"required": "Choisissez une personne."}
    )
    genre = forms.ChoiceField(
        label="Genre du lien",
        choices=[("", "Choisir…"), *((g.value, g.label) for g in GENRES_SAISIS)],
        help_text="D'un lien personnel, rien d'autre ne se demande ni ne se garde.",
        error_messages={"required": "Dites quel genre de lien."},
    )
    sens = forms.ChoiceField(label="Dans quel sens", choices=SENS, initial="vers", widget=forms.RadioSelect)
    session = forms.CharField(label="Session de formation", max_length=120, required=False)
    blocs = forms.MultipleChoiceField(
        label="Blocs de la formation",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Pour une formation seulement. Aucun : on ne sait pas lesquels.",
    )
    du = _jour("À partir du", "Vide : depuis toujours, autant qu'on sache.")
    au = _jour("Jusqu'au", "Ce jour n'en est plus. Vide : il dure encore.")

    def __init__(
        self, *args: Any, personnes: list[tuple[str, str]], blocs: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offrir(self, "autre", personnes)
        offrir(self, "blocs", blocs)


class FormClore(forms.Form):
    """Quand un lien a pris fin."""

    au = forms.DateField(
        label="Fin",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Dites quand le lien a pris fin.", "invalid": "Ce jour n'existe pas."},
    )
