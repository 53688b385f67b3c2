"""La forme de ce qui se saisit ; rien ne s'enregistre ici."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from parchemin.comptes.forms import FormAvecPersonnes
from parchemin.convocations.enums import GenreDeclare, GenreIncident, Qualite, SuiteIncident
from parchemin.socle.formulaires import offrir, saisie_de_l_instant


class Planification(forms.Form):
    """Quand et où l'épreuve aura lieu."""

    prevue_le = forms.SplitDateTimeField(
        label="Jour et heure",
        help_text="À l'heure de Paris.",
        widget=saisie_de_l_instant(),
        error_messages={"required": "Dites le jour et l'heure.", "invalid_date": "Ce jour n'existe pas."},
    )
    lieu = forms.CharField(
        label="Lieu", max_length=200, help_text="Un site, un plateau, une salle, ou « à distance ».",
        error_messages={"required": "Dites où l'épreuve aura lieu."},
    )  # fmt: skip


class AffectationForm(FormAvecPersonnes):
    """Les deux évaluateurs, un par qualité : quelques noms proposés, une recherche pour les autres."""

    CHOISIS = ("metier", "certificateur")

    metier = forms.ChoiceField(
        label=str(Qualite.METIER.label).capitalize(), error_messages={"required": "Choisissez une personne."}
    )
    certificateur = forms.ChoiceField(
        label=str(Qualite.CERTIFICATEUR.label).capitalize(), error_messages={"required": "Choisissez une personne."}
    )


class Annulation(forms.Form):
    """Pourquoi l'épreuve n'aura pas lieu."""

    motif = forms.CharField(
        label="Motif",
        help_text="Le candidat le lira.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites pourquoi l'épreuve est annulée."},
    )


class DeclarationForm(forms.Form):
    """Ce que déclare qui va évaluer, ou relire. D'un lien, le genre seulement : rien d'autre n'est demandé."""

    genre = forms.ChoiceField(
        label="Je déclare sur l'honneur",
        choices=GenreDeclare.choices,
        widget=forms.RadioSelect,
        help_text="Si vous avez un lien, vous ne l'expliquez pas : quelqu'un d'autre est choisi.",
        error_messages={"required": "Choisissez une réponse."},
    )


class RecusationForm(forms.Form):
    """Quel évaluateur, et pourquoi."""

    evaluateur = forms.ChoiceField(
        label="Évaluateur", widget=forms.RadioSelect, error_messages={"required": "Choisissez un évaluateur."}
    )
    motif = forms.CharField(
        label="Motif",
        help_text="Le gestionnaire le lira. Ne dites que ce qui est utile à sa décision.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Dites pourquoi vous récusez cet évaluateur."},
    )

    def __init__(self, *args: Any, evaluateurs: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offrir(self, "evaluateur", list(evaluateurs))


class ReponseARecusation(forms.Form):
    """La réponse du gestionnaire, et son motif."""

    vers = forms.ChoiceField(
        label="Votre réponse",
        choices=[
            ("accueillie", "J'accueille la récusation : l'évaluateur est remplacé"),
            ("ecartee", "J'écarte la récusation : l'évaluateur reste"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une réponse."},
    )
    motif = forms.CharField(
        label="Motif",
        help_text="Le candidat le lira.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Dites pourquoi."},
    )


class SignalementForm(forms.Form):
    """Ce qui empêche l'épreuve d'aller au bout, et ce qui s'est passé."""

    genre = forms.ChoiceField(
        label="Que se passe-t-il ?", widget=forms.RadioSelect, error_messages={"required": "Choisissez un incident."}
    )
    motif = forms.CharField(
        label="Ce qui s'est passé",
        help_text="Le gestionnaire le lira, et lui seul. Ni nom d'usager, ni note : rien de ce que vous avez évalué.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites ce qui s'est passé, en une phrase."},
    )

    def __init__(self, *args: Any, genres: Sequence[GenreIncident], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offrir(self, "genre", [(genre.value, genre.label) for genre in genres])


class SuiteForm(forms.Form):
    """Ce que devient l'épreuve suspendue. La date et le lieu ne servent qu'à replanifier."""

    suite = forms.ChoiceField(
        label="Votre décision", widget=forms.RadioSelect, error_messages={"required": "Choisissez une suite."}
    )
    prevue_le = forms.SplitDateTimeField(
        label="Nouvelle date",
        help_text="Pour replanifier seulement. À l'heure de Paris.",
        required=False,
        widget=saisie_de_l_instant(),
        error_messages={"invalid_date": "Ce jour n'existe pas.", "incomplete": "Dites le jour et l'heure."},
    )
    lieu = forms.CharField(
        label="Nouveau lieu",
        required=False,
        max_length=200,
        help_text="Pour replanifier seulement. Vide : le même lieu.",
    )
    motif = forms.CharField(
        label="Pourquoi",
        help_text="Le candidat et les évaluateurs le liront.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites pourquoi : le candidat le lira."},
    )

    def __init__(self, *args: Any, suites: Sequence[tuple[SuiteIncident, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offrir(self, "suite", [(suite.value, mots) for suite, mots in suites])
