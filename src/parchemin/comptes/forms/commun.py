"""Montrer un refus dans un formulaire."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms

from parchemin.socle.refus import Refus

type Choix = Sequence[tuple[str, str]]


def porter_refus(formulaire: forms.Form, refus: Refus, champ: str | None = None) -> None:
    """Montre un refus dans le formulaire, sur le champ en cause quand on le connaît."""
    for texte in refus.details or (refus.message,):
        formulaire.add_error(champ, texte)


def champ_jour(libelle: str, aide: str = "", *, requis: bool = True) -> forms.DateField:
    """Un jour, au format du navigateur."""
    return forms.DateField(
        label=libelle,
        required=requis,
        help_text=aide,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
