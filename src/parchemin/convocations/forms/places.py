"""Dire où et quand : une salle ou un lieu en toutes lettres, un jour et une heure à l'horloge de ce lieu."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, cast

from django import forms
from django.http import QueryDict

from parchemin.socle.formulaires import offrir, saisie_de_l_instant

type ChoixDeSalles = Sequence[tuple[str, str | Sequence[tuple[str, str]]]]
"""Le choix vide, puis un groupe de salles par site."""


class InstantLocal(forms.SplitDateTimeField):
    """Un jour et une heure sans fuseau : on ne sait lequel qu'une fois la salle connue."""

    def compress(self, data_list: tuple[date, time] | None) -> datetime | None:
        """Le jour et l'heure, tels que saisis."""
        if not data_list or None in data_list or "" in data_list:
            return None
        return datetime.combine(*data_list)


def instant_local(libelle: str, *, requis: bool = True, aide: str = "") -> InstantLocal:
    """Un jour et une heure, à l'horloge de la salle."""
    return InstantLocal(
        label=libelle,
        required=requis,
        help_text=f"{aide} À l'heure du site choisi ; à l'heure de Paris sans salle.".strip(),
        widget=saisie_de_l_instant(),
        error_messages={
            "required": "Dites le jour et l'heure.",
            "invalid_date": "Ce jour n'existe pas.",
            "incomplete": "Dites le jour et l'heure.",
        },
    )


class FormQuiPasseOutre(forms.Form):
    """Un formulaire dont les avertissements se lisent, puis se passent. La case ne vaut que pour ceux que l'on a lus (`lus`)."""

    malgre = forms.BooleanField(label="J'ai lu ce qui s'y oppose, et je passe outre", required=False)
    lus = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._reponses = {nom: self.fields.pop(nom) for nom in self.a_demander()}
        for nom in self._reponses:
            if nom in self.data:
                self.demander(nom)

    @classmethod
    def a_demander(cls) -> tuple[str, ...]:
        """Les champs qui ne se montrent qu'en réponse à un refus."""
        return ("malgre", "lus")

    def demander(self, nom: str) -> None:
        """Montre la question qu'un refus vient de poser."""
        self.fields[nom] = self._reponses[nom]

    def a_lu(self, phrases: Sequence[str]) -> bool:
        """Vrai si la case est cochée, et que c'est bien ceci qui était à lire."""
        dit = self.cleaned_data
        return bool(dit.get("malgre")) and " ".join(str(dit.get("lus", "")).split()) == " ".join(
            " ".join(phrases).split()
        )

    def avertir(self, message: str, phrases: Sequence[str]) -> None:
        """Montre les avertissements et la case pour passer outre."""
        donnees = cast(QueryDict, self.data).copy()
        donnees["lus"] = " ".join(phrases)
        donnees.pop("malgre", None)
        self.data = donnees
        self.demander("malgre")
        self.demander("lus")
        for phrase in (message, *phrases):
            self.add_error(None, phrase)


class FormPlace(FormQuiPasseOutre):
    """Une salle, ou un lieu ; un jour et une heure. Ce qui ne sert qu'en réponse à un refus ne se montre qu'alors."""

    salle = forms.ChoiceField(label="Salle", required=False)
    lieu = forms.CharField(
        label="Ou un lieu, s'il n'y a pas de salle",
        required=False,
        max_length=200,
        help_text="« À distance », ou une adresse. Deux épreuves peuvent s'y croiser, jamais les mêmes personnes.",
    )
    prevue_le = instant_local("Jour et heure")
    laquelle = forms.TypedChoiceField(
        label="Cette heure passe deux fois ce jour-là",
        required=False,
        choices=[("1", "La première, avant que les horloges reculent"), ("2", "La seconde, après")],
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
    )

    field_order = ("suite", "salle", "lieu", "prevue_le", "laquelle", "motif", "malgre")

    def __init__(self, *args: Any, salles: ChoixDeSalles, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offrir(self, "salle", salles)
        if len(salles) == 1:
            del self.fields["salle"]
            self.fields["lieu"].label = "Lieu"
            self.fields["lieu"].help_text = "Un site, un plateau, une salle, ou « à distance »."

    @classmethod
    def a_demander(cls) -> tuple[str, ...]:
        """Les mêmes, et laquelle des deux heures, la nuit où les horloges reculent."""
        return ("laquelle", *super().a_demander())
