"""Ce que les formulaires partagent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms


def offrir(formulaire: forms.Form, champ: str, choix: Iterable[Any]) -> None:
    """Donne ses choix à un champ de liste : `(valeur, libellé)`, ou des groupes de paires, dans l'ordre."""
    cast(forms.ChoiceField, formulaire.fields[champ]).choices = list(choix)
