"""La forme des saisies de l'évaluation : rien n'est enregistré ici."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django import forms

from parchemin.convocations.enums import GenreDeclare
from parchemin.evaluation.enums import SensAvis, Sort
from parchemin.socle.formulaires import offrir


class FormQuarantaine(forms.Form):
    """Le sort de gestes mis à part, et son motif."""

    evaluateur = forms.UUIDField()
    sort = forms.ChoiceField(choices=Sort.choices)
    motif = forms.CharField(label="Pourquoi", max_length=500)


class DesignationForm(forms.Form):
    """La troisième personne ; les choix sont celles que rien n'écarte."""

    personne = forms.ChoiceField(label="La troisième personne", error_messages={"required": "Choisissez une personne."})

    def __init__(self, *args: object, choix: Sequence[tuple[UUID, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        offrir(self, "personne", [("", "Choisir…"), *((str(cle), nom) for cle, nom in choix)])


class SansAvisForm(forms.Form):
    """Pourquoi personne n'a pu rendre d'avis."""

    motif = forms.CharField(
        label="Pourquoi",
        help_text="Le jury le lira.",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites pourquoi aucun avis n'est rendu."},
    )


class RetraitForm(forms.Form):
    """Pourquoi la personne désignée ne peut pas."""

    motif = forms.CharField(
        label="Pourquoi",
        help_text="Le gestionnaire le lira, et choisira quelqu'un d'autre.",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites pourquoi."},
    )


class DeclarationDeRegardForm(forms.Form):
    """Ce que la personne désignée déclare avant de lire. D'un lien, le genre seulement."""

    genre = forms.ChoiceField(
        label="Je déclare sur l'honneur",
        choices=GenreDeclare.choices,
        widget=forms.RadioSelect,
        help_text="Si vous avez un lien, vous ne l'expliquez pas : quelqu'un d'autre est choisi.",
        error_messages={"required": "Choisissez une réponse."},
    )


class AvisForm(forms.Form):
    """L'avis motivé : maintenir, ou quels critères reconsidérer."""

    sens = forms.ChoiceField(
        label="Votre avis",
        choices=SensAvis.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites si le résultat est à maintenir, ou ce qui est à reconsidérer."},
    )
    criteres = forms.MultipleChoiceField(
        label="À reconsidérer",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Seulement si vous demandez à reconsidérer.",
    )
    motif = forms.CharField(
        label="Vos raisons",
        help_text="Ce que montrent les deux lectures et leurs commentaires. Le jury les lira telles quelles.",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Écrivez pourquoi : le jury lira vos raisons."},
    )

    def __init__(self, *args: object, criteres: Sequence[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        offrir(self, "criteres", [(code, f"{code} · {libelle}") for code, libelle in criteres])
