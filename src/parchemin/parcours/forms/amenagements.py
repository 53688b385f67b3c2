"""La forme des durées aménagées : une case par phase, vide pour la durée du référentiel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from parchemin.parcours.selectors import Phase
from parchemin.socle.formulaires import saisie_du_jour


class FormAmenager(forms.Form):
    """Les minutes accordées par phase. `phases` : le bloc en titre, et pour chaque phase son nom et ce que dit le référentiel."""

    accorde_le = forms.DateField(
        label="Accordé le",
        help_text="Le jour de la décision. Sa raison ne s’écrit nulle part ici.",
        widget=saisie_du_jour(),
        error_messages={"required": "Dites quand ces durées ont été accordées.", "invalid": "Ce jour n’existe pas."},
    )

    def __init__(self, *args: Any, phases: Mapping[str, Mapping[Phase, tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._blocs = {titre: tuple(lignes) for titre, lignes in phases.items()}
        for lignes in phases.values():
            for phase, (nom, attendu) in lignes.items():
                self.fields[self.nom(phase)] = forms.IntegerField(
                    label=nom,
                    help_text=f"Référentiel : {attendu}. Vide : cette durée.",
                    required=False,
                    min_value=1,
                    max_value=240,
                    widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": "1", "max": "240"}),
                    error_messages=dict.fromkeys(
                        ("invalid", "min_value", "max_value"), "Une durée se dit en minutes, de 1 à 240."
                    ),
                )

    @staticmethod
    def nom(phase: Phase) -> str:
        """Le nom du champ de cette phase."""
        return f"duree:{phase[0]}:{phase[1]}"

    @property
    def blocs(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Les champs, bloc par bloc."""
        return [(titre, [self[self.nom(phase)] for phase in phases]) for titre, phases in self._blocs.items()]

    def durees(self) -> dict[Phase, int | None]:
        """Ce qui est demandé pour chaque phase."""
        return {phase: self.cleaned_data[self.nom(phase)] for phases in self._blocs.values() for phase in phases}
