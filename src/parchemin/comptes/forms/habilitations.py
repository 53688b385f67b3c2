"""Saisir une habilitation, un avenant, une suspension, une déclaration."""

from __future__ import annotations

from typing import Any

from django import forms

from parchemin.comptes.enums import EtatHabilitation, Mission, TitreHabilitation
from parchemin.comptes.forms.commun import Choix
from parchemin.socle.formulaires import offrir, saisie_du_jour

ENTIERE = "entiere"
"""Le choix « la certification entière », avant ses blocs."""


def _jour(libelle: str, *, requis: bool = True, aide: str = "") -> forms.DateField:
    return forms.DateField(
        label=libelle,
        required=requis,
        help_text=aide,
        widget=saisie_du_jour(),
    )


class FormPortee(forms.Form):
    """Ce que permet une habilitation : ses missions, ses blocs, son terme."""

    missions = forms.MultipleChoiceField(
        label="L'organisme peut", choices=Mission.choices, widget=forms.CheckboxSelectMultiple
    )
    blocs = forms.MultipleChoiceField(
        label="Sur",
        widget=forms.CheckboxSelectMultiple,
        help_text="La certification entière comprend ses blocs, présents et à venir.",
    )
    dernier_jour = _jour("Dernier jour de validité", requis=False, aide="Compris. Vide : sans terme.")

    def __init__(self, *args: Any, blocs: Choix, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offrir(self, "blocs", [(ENTIERE, "La certification entière"), *blocs])

    def clean_missions(self) -> frozenset[Mission]:
        """Les missions cochées."""
        return frozenset(map(Mission, self.cleaned_data["missions"]))

    def clean_blocs(self) -> frozenset[str] | None:
        """Les codes cochés, ou `None` pour la certification entière."""
        coches = frozenset(self.cleaned_data["blocs"])
        return None if ENTIERE in coches else coches


class FormHabilitation(FormPortee):
    """Une habilitation nouvelle."""

    titre = forms.ChoiceField(label="À quel titre", choices=TitreHabilitation.choices, initial="delegataire")
    convention = forms.CharField(label="Référence de la convention", required=False, max_length=120)
    signee_le = _jour("Signée le", requis=False)
    du = _jour("Prend effet le")

    field_order = ("titre", "convention", "signee_le", "missions", "blocs", "du", "dernier_jour")


class FormAvenant(FormPortee):
    """Un avenant : la nouvelle portée, sa date, sa raison."""

    effet = _jour("Prend effet le")
    motif = forms.CharField(label="Pourquoi", max_length=400, widget=forms.Textarea(attrs={"rows": 2}))


class FormEtat(forms.Form):
    """Suspendre, reprendre, résilier."""

    vers = forms.ChoiceField(label="Décision", choices=())
    effet = _jour("Prend effet le")
    motif = forms.CharField(
        label="Pourquoi",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Avant de résilier pour manquement : les griefs ont été dits à l'organisme, et il a pu répondre (R6113-16-6).",
    )

    def __init__(self, *args: Any, etats: Choix, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offrir(self, "vers", list(etats))

    def clean_vers(self) -> EtatHabilitation:
        """L'état visé."""
        return EtatHabilitation(self.cleaned_data["vers"])


class FormDeclaration(forms.Form):
    """Le jour et la référence d'une déclaration à France compétences."""

    declaree_le = _jour("Déclaré le")
    reference = forms.CharField(label="Référence du dépôt", required=False, max_length=120)
