"""Ce que les formulaires partagent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms


def offrir(formulaire: forms.Form, champ: str, choix: Iterable[Any]) -> None:
    """Donne ses choix à un champ de liste : `(valeur, libellé)`, ou des groupes de paires, dans l'ordre."""
    cast(forms.ChoiceField, formulaire.fields[champ]).choices = list(choix)


def saisie_du_jour() -> forms.DateInput:
    """Un jour, dans le champ de date du navigateur : lui seul dit son format, et la valeur proposée s'y montre."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def saisie_de_l_instant() -> forms.SplitDateTimeWidget:
    """Un jour et une heure, côte à côte, dans les champs du navigateur."""
    return forms.SplitDateTimeWidget(
        date_attrs={"type": "date", "aria-label": "Jour"},
        time_attrs={"type": "time", "aria-label": "Heure"},
        date_format="%Y-%m-%d",
        time_format="%H:%M",
    )
