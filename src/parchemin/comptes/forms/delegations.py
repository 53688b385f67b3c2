"""Saisir une délégation."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms

from parchemin.comptes.forms.choisir import FormAvecPersonnes
from parchemin.comptes.forms.commun import Choix, champ_jour
from parchemin.socle.formulaires import offrir


class FormDeleguer(FormAvecPersonnes):
    """Confier un de ses rôles à quelqu'un, pour quelques jours."""

    CHOISIS = ("delegue",)

    role = forms.ChoiceField(label="Ce que vous confiez")
    delegue = forms.ChoiceField(label="À qui", help_text="Quelqu'un de votre périmètre, qui a de quoi se connecter.")
    du = champ_jour("Premier jour")
    dernier_jour = champ_jour("Dernier jour", "Compris. Le lendemain, tout vous revient.")
    motif = forms.CharField(label="Motif", required=False, max_length=200, help_text="« Congés », par exemple.")

    def __init__(self, *args: Any, roles: Choix, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offrir(self, "role", roles)

    @property
    def fin(self) -> date:
        """Le lendemain du dernier jour."""
        dernier: date = self.cleaned_data["dernier_jour"]
        return dernier + timedelta(days=1)

    @property
    def choisie(self) -> UUID:
        """La personne choisie."""
        return UUID(self.cleaned_data["delegue"])
