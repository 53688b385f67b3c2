"""La forme d'un bloc reconnu sur pièce, d'une dispense de bloc, d'un retrait."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from parchemin.parcours.enums import EtatRepris, PieceDeBloc
from parchemin.parcours.forms.dossiers import Choix
from parchemin.socle.formulaires import offrir, saisie_du_jour

OBTENU_QUAND = "Dites quel jour ce bloc fut obtenu : la pièce le porte."


class _SurPiece(forms.Form):
    """Quel bloc, sur quelle pièce. Aucune copie n'est demandée, ni gardée."""

    choix = forms.ChoiceField(
        label="Le bloc",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez un bloc.",
            "invalid_choice": "Ce choix n'est plus possible : relisez la liste.",
        },
    )
    piece = forms.ChoiceField(
        label="Pièce vue",
        choices=[("", "Choisir…"), *PieceDeBloc.choices],
        error_messages={"required": "Dites quelle pièce vous avez vue."},
    )
    vu_le = forms.DateField(
        label="Vue le",
        help_text="Par vous, l’original ou le registre sous les yeux. Aucune copie n’est gardée.",
        widget=saisie_du_jour(),
        error_messages={"required": "Dites quand vous avez vu la pièce.", "invalid": "Ce jour n’existe pas."},
    )
    vus = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, choix: Choix, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offrir(self, "choix", choix)


class FormReconnaitre(_SurPiece):
    """Reconnaître un bloc par équivalence."""

    obtenu_le = forms.DateField(
        label="Bloc obtenu le",
        required=False,
        help_text="Le jour que dit la pièce. Vide : le jour déjà repris du papier, écrit à côté du bloc.",
        widget=saisie_du_jour(),
        error_messages={"invalid": "Ce jour n’existe pas."},
    )
    field_order = ("choix", "obtenu_le", "piece", "vu_le", "vus")

    def __init__(self, *args: Any, obtenus: Mapping[str, date | None], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._obtenus = obtenus
        jour = self.fields["obtenu_le"]
        if not any(obtenus.values()):  # rien n'est repris du papier : seule la pièce dit le jour
            jour.required, jour.help_text = True, "Le jour que dit la pièce."
            jour.error_messages["required"] = OBTENU_QUAND

    def clean(self) -> dict[str, Any]:
        """Le jour de la reprise vaut, s'il n'en est pas dit d'autre."""
        lu = self.cleaned_data
        lu["obtenu_le"] = lu.get("obtenu_le") or self._obtenus.get(lu.get("choix", ""))
        if "choix" in lu and lu["obtenu_le"] is None and "obtenu_le" not in self.errors:
            self.add_error("obtenu_le", OBTENU_QUAND)
        return lu


class FormDispenserBloc(_SurPiece):
    """Dispenser d'un bloc."""

    motif = forms.CharField(
        label="Motif",
        max_length=1000,
        help_text="Le candidat et le jury le liront. Rien de médical.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites pourquoi ce bloc est dispensé."},
    )
    field_order = ("choix", "motif", "piece", "vu_le", "vus")


class FiltreTitulaires(forms.Form):
    """Chercher dans le registre des titulaires repris du papier."""

    q = forms.CharField(
        label="Nom ou numéro", required=False, max_length=80, widget=forms.TextInput(attrs={"type": "search"})
    )
    etat = forms.ChoiceField(label="Au registre", required=False, choices=[("", "Tout"), *EtatRepris.choices])


class FormRetirerAcquis(forms.Form):
    """Pourquoi ce bloc n'est plus acquis."""

    motif = forms.CharField(
        label="Motif",
        max_length=1000,
        help_text="Le candidat et le jury le liront. Ce qui était écrit reste dans l’histoire.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites pourquoi cela n'est plus acquis."},
    )
