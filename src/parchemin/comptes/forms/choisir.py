"""Choisir quelqu'un sans charger tout le monde : une recherche côté serveur, puis un menu court. Marche sans JavaScript."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from parchemin.comptes.selectors import Proposition

CHERCHER = "chercher"
"""Le nom des boutons « Chercher » : l'envoi ne vaut alors que recherche, et garde tout ce qui est saisi."""


@dataclass(frozen=True, slots=True)
class ChoixPersonne:
    """Le champ qui choisit, et la recherche qui l'alimente quand il en faut une."""

    champ: forms.BoundField
    cherche: forms.BoundField | None
    bouton: str
    personne: str = ""
    """Ce qui se dit à la place d'un menu où il n'y a personne à choisir."""


class FormAvecPersonnes(forms.Form):
    """Un formulaire dont les champs `CHOISIS` désignent des personnes ; à chacun sa recherche, `<champ>_cherche`."""

    CHOISIS: tuple[str, ...] = ()

    def __init__(self, *args: Any, personnes: Mapping[str, Proposition], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._propositions = personnes
        for nom in self.CHOISIS:
            champ: Any = self.fields[nom]
            champ.choices = [("", "Choisir…"), *personnes[nom].choix]
            if personnes[nom].d_autres:
                champ.help_text = "Les premiers noms seulement : cherchez pour préciser."
            self.fields[f"{nom}_cherche"] = forms.CharField(
                label=f"Chercher : {str(champ.label).lower()}",
                required=False,
                max_length=80,
                widget=forms.TextInput(attrs={"type": "search"}),
            )

    @classmethod
    def saisi(cls, envoi: Any) -> dict[str, Any]:
        """Ce qui est saisi, sans rien contrôler : de quoi montrer le formulaire à nouveau après une recherche."""
        connus = {
            nom: champ.widget.value_from_datadict(envoi, {}, nom)
            for nom, champ in cls.base_fields.items()
            if nom in envoi
        }
        return connus | {f"{nom}_cherche": envoi.get(f"{nom}_cherche", "") for nom in cls.CHOISIS}

    def choix_personne(self, nom: str) -> ChoixPersonne:
        """Le choix d'une personne ; la recherche ne se montre que si la page ne dit pas déjà tout le monde."""
        utile = self._propositions[nom].d_autres or self._propositions[nom].a_chercher or self[f"{nom}_cherche"].value()
        return ChoixPersonne(
            self[nom],
            self[f"{nom}_cherche"] if utile else None,
            nom,
            "" if self._propositions[nom].choix else self._propositions[nom].si_personne,
        )

    @property
    def choix_personnes(self) -> list[ChoixPersonne]:
        """Chaque choix, dans l'ordre."""
        return [self.choix_personne(nom) for nom in self.CHOISIS]

    @property
    def autres_champs(self) -> list[forms.BoundField]:
        """Les champs qui ne choisissent personne."""
        return [self[nom] for nom in self.base_fields if nom not in self.CHOISIS]
