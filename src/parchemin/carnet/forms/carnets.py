"""La forme de ce qui se saisit : les attestations d'une page, le motif d'un retrait. Rien ne s'enregistre ici."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from parchemin.carnet.enums import Verdict
from parchemin.carnet.services import Dire


@dataclass(frozen=True, slots=True)
class LigneASaisir:
    """Une compétence que la page propose d'attester, et ce qui en était dit quand on l'a ouverte."""

    code: str
    libelle: str
    verdict: str
    mot: str
    rang: int


class Attestations(forms.Form):
    """Un verdict et un mot par compétence ; celles où rien n'est choisi sont laissées telles quelles.

    Les noms des champs sont les identifiants de la page : `C1.1`, `C1.1-mot`, et `C1.1-vu` (le rang que l'on avait sous
    les yeux).
    """

    def __init__(self, donnees: Mapping[str, Any] | None, *, lignes: Sequence[LigneASaisir]) -> None:
        super().__init__(donnees, auto_id="%s")
        self.codes = tuple(ligne.code for ligne in lignes)
        for ligne in lignes:
            self.fields[ligne.code] = forms.ChoiceField(
                label=f"{ligne.code} {ligne.libelle}",
                choices=Verdict.choices,
                required=False,
                initial=ligne.verdict,
                error_messages={"invalid_choice": "Choisissez « maîtrisée » ou « pas encore »."},
            )
            self.fields[f"{ligne.code}-mot"] = forms.CharField(
                label=f"{ligne.code} {ligne.libelle}", required=False, max_length=2000, initial=ligne.mot
            )
            self.fields[f"{ligne.code}-vu"] = forms.IntegerField(
                required=False, min_value=0, initial=ligne.rang, widget=forms.HiddenInput
            )

    def dires(self) -> dict[str, Dire]:
        """Ce que la personne dit de chaque compétence où elle a choisi."""
        saisi = self.cleaned_data
        return {
            code: Dire(Verdict(saisi[code]), saisi[f"{code}-mot"], saisi[f"{code}-vu"])
            for code in self.codes
            if saisi.get(code)
        }


class Retrait(forms.Form):
    """Pourquoi l'on retire une attestation."""

    motif = forms.CharField(
        label="Motif",
        max_length=1000,
        help_text="Le candidat le lira ; l'attestation retirée reste dans l'histoire du carnet.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites pourquoi vous retirez cette attestation."},
    )
