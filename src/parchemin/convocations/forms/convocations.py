"""Convoquer, répondre ; le jour dit, contrôler l'identité."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms

from parchemin.convocations.enums import MoyenIdentite
from parchemin.socle.formulaires import offrir

ACCEPTER, REFUSER = "accepter", "refuser"


class Convoquer(forms.Form):
    """Les courriers présélectionnés, quand le bloc en demande ; et pourquoi convoquer si tard, quand il le faut."""

    motifs = forms.MultipleChoiceField(
        label="Courriers présélectionnés",
        help_text="Les évaluateurs ne verront que ceux-là parmi les motifs récurrents du certificateur.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins un motif de courrier."},
    )
    derogation = forms.CharField(
        label="Pourquoi convoquer si tard",
        help_text="Il est gardé avec la convocation ; seul le gestionnaire le lit.",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, offerts: Sequence[str], tard: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if offerts:
            offrir(self, "motifs", [(motif, motif) for motif in offerts])
        else:
            del self.fields["motifs"]
        if not tard:
            del self.fields["derogation"]


class Reponse(forms.Form):
    """Accepter, ou refuser en disant pourquoi ; un évaluateur peut proposer quelqu'un à sa place."""

    reponse = forms.ChoiceField(
        label="Votre réponse",
        choices=[(ACCEPTER, "J’accepte, je viendrai"), (REFUSER, "Je refuse")],
        widget=forms.RadioSelect,
        error_messages={"required": "Acceptez ou refusez."},
    )
    motif = forms.CharField(
        label="Pourquoi",
        help_text="Pour un refus seulement. Le gestionnaire le lira ; aucun détail de santé.",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    remplacant = forms.ChoiceField(
        label="Qui pourrait venir à votre place",
        help_text="Pour un refus seulement, et si vous le savez. Le gestionnaire décide.",
        required=False,
    )

    def __init__(self, *args: Any, remplacants: Mapping[UUID, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if remplacants:
            offrir(
                self, "remplacant", [("", "Je ne propose personne"), *((str(p), nom) for p, nom in remplacants.items())]
            )
        else:
            del self.fields["remplacant"]

    def clean(self) -> dict[str, Any]:
        """Un refus dit pourquoi : le champ le réclame à sa place."""
        valeurs = super().clean() or {}
        if valeurs.get("reponse") == REFUSER and not valeurs.get("motif", "").strip():
            self.add_error("motif", "Dites pourquoi vous ne venez pas.")
        return valeurs

    def reponse_donnee(self) -> dict[str, Any]:
        """Ce que le service attend ; le motif et le remplaçant d'une acceptation ne comptent pas."""
        refuse = self.cleaned_data["reponse"] == REFUSER
        propose = self.cleaned_data.get("remplacant") if refuse else ""
        return {
            "accepte": not refuse,
            "motif": self.cleaned_data["motif"] if refuse else "",
            "remplacant": UUID(propose) if propose else None,
        }


class Identite(forms.Form):
    """La pièce que le candidat a présentée."""

    moyen = forms.ChoiceField(
        label="Pièce présentée",
        help_text="Son genre suffit : ni numéro, ni copie.",
        choices=MoyenIdentite.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites quelle pièce le candidat a présentée."},
    )
