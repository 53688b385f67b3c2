"""Saisir ce qui arrive à une personne."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from parchemin.comptes.forms.choisir import FormAvecPersonnes
from parchemin.comptes.forms.commun import Choix, champ_jour
from parchemin.comptes.forms.personnes import PARTOUT
from parchemin.socle.formulaires import offrir


class FormIdentite(forms.Form):
    """Le nom et le courriel professionnel d'une personne."""

    prenom = forms.CharField(label="Prénom", max_length=80)
    nom = forms.CharField(
        label="Nom", max_length=80, help_text="Les documents déjà établis gardent le nom qu'elle portait alors."
    )
    courriel_pro = forms.EmailField(
        label="Courriel professionnel", required=False, help_text="L'adresse de connexion n'en dépend pas."
    )


class FormDepart(forms.Form):
    """Le départ d'une personne."""

    organisme = forms.ChoiceField(label="Organisme quitté")
    le = champ_jour("À partir du", "Ce jour-là, ses rôles n'ouvrent plus rien.")

    def __init__(self, *args: Any, organismes: Choix, partout: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tous = [(PARTOUT, "Tous les organismes")] if partout else []
        offrir(self, "organisme", [*tous, *organismes])

    def clean_organisme(self) -> UUID | None:
        """L'organisme quitté ; `None` pour tous."""
        valeur = self.cleaned_data["organisme"]
        return None if valeur == PARTOUT else UUID(valeur)


class FormReunir(FormAvecPersonnes):
    """La fiche à réunir à celle-ci."""

    CHOISIS = ("autre",)

    autre = forms.ChoiceField(label="L'autre fiche de la même personne")
    fermer_compte = forms.BooleanField(
        label="Seule la connexion de la fiche gardée reste ouverte", required=False, widget=forms.HiddenInput()
    )
