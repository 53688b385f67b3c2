"""La forme de ce qui se saisit ; rien ne s'enregistre ici."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django import forms

from parchemin.convocations.enums import Qualite


class Planification(forms.Form):
    """Quand et où l'épreuve aura lieu."""

    prevue_le = forms.SplitDateTimeField(
        label="Jour et heure",
        help_text="À l'heure de Paris.",
        widget=forms.SplitDateTimeWidget(
            date_attrs={"type": "date", "aria-label": "Jour"},
            time_attrs={"type": "time", "aria-label": "Heure"},
            date_format="%Y-%m-%d",
            time_format="%H:%M",
        ),
        error_messages={"required": "Dites le jour et l'heure.", "invalid_date": "Ce jour n'existe pas."},
    )
    lieu = forms.CharField(
        label="Lieu", max_length=200, help_text="Un site, un plateau, une salle, ou « à distance ».",
        error_messages={"required": "Dites où l'épreuve aura lieu."},
    )  # fmt: skip


class AffectationForm(forms.Form):
    """Les deux évaluateurs, un par qualité ; les choix sont les personnes qui tiennent le rôle."""

    metier = forms.ChoiceField(label=str(Qualite.METIER.label).capitalize())
    certificateur = forms.ChoiceField(label=str(Qualite.CERTIFICATEUR.label).capitalize())

    def __init__(self, *args: object, choix: Mapping[Qualite, Sequence[tuple[UUID, str]]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for nom, qualite in (("metier", Qualite.METIER), ("certificateur", Qualite.CERTIFICATEUR)):
            champ = self.fields[nom]
            if isinstance(champ, forms.ChoiceField):
                champ.choices = [("", "Choisir…"), *((str(cle), texte) for cle, texte in choix[qualite])]
                champ.error_messages["required"] = "Choisissez une personne."


class Annulation(forms.Form):
    """Pourquoi l'épreuve n'aura pas lieu."""

    motif = forms.CharField(
        label="Motif",
        help_text="Le candidat le lira.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites pourquoi l'épreuve est annulée."},
    )
