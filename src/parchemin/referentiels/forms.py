"""La forme des saisies du référentiel : rien n'est enregistré ici."""

from __future__ import annotations

from django import forms

from moteur.referentiel import Bloc
from moteur.vocabulaire import CodeExigence

QUESTIONS_MAX = 4_000
MOTIF_MAX = 300


class FormAides(forms.Form):
    """Les aides d'un bloc : une question par ligne et par critère ; un motif de courrier par ligne."""

    def __init__(self, bloc: Bloc, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self.a_des_courriers = any(exigence.code is CodeExigence.COURRIERS for exigence in bloc.epreuve.exigences)
        if self.a_des_courriers:
            self.fields["motifs_de_courrier"] = forms.CharField(
                label="Le panel présélectionné des courriers et courriels",
                help_text="Un motif récurrent par ligne, dans l’ordre où l’évaluateur les verra.",
                max_length=QUESTIONS_MAX,
                required=False,
                widget=forms.Textarea(attrs={"rows": 5}),
            )
        for critere in bloc.criteres():
            self.fields[critere.code] = forms.CharField(
                label=f"{critere.code} {critere.intitule}",
                max_length=QUESTIONS_MAX,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        self.fields["motif"] = forms.CharField(
            label="Pourquoi cette révision", help_text="Gardé avec elle, daté et signé.", max_length=MOTIF_MAX
        )
        self.fields["vu"] = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
