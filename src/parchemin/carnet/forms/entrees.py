"""La forme d'une entrée du candidat. Un brouillon se garde incomplet : rien n'y est exigé."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from parchemin.carnet.services import Ecrit
from parchemin.socle.formulaires import offrir, saisie_du_jour


class Entree(forms.Form):
    """Ce que le candidat a fait, quand, pour quelles compétences, et un fichier s'il en a un.

    `cle` : l'identifiant du brouillon, tiré par la page ; `vu` : la révision qu'elle avait sous les yeux.
    """

    use_required_attribute = False
    """« Garder le brouillon » part même vide : le navigateur n'exige rien."""

    texte = forms.CharField(
        label="Ce que j'ai fait",
        required=False,
        max_length=5_000,
        help_text="Une situation réelle, en quelques phrases. Jamais le nom d'un usager, ni son numéro.",
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={"max_length": "5 000 signes au plus : raccourcissez, ou faites-en deux entrées."},
    )
    fait_le = forms.DateField(
        label="Fait le",
        required=False,
        widget=saisie_du_jour(),
        error_messages={"invalid": "Ce jour ne se lit pas : jour, mois, année."},
    )
    competences = forms.MultipleChoiceField(
        label="Compétences exercées",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choisissez dans la liste."},
    )
    fichier = forms.FileField(
        label="Fichier, si vous en avez un",
        required=False,
        help_text="PDF, PNG ou JPEG, 5 Mo au plus. Le lieu et l'appareil d'une photo sont effacés ; masquez tout nom d'usager.",
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,image/png,image/jpeg"}),
        error_messages={"empty": "Ce fichier est vide."},
    )
    sans_fichier = forms.BooleanField(label="Retirer le fichier joint", required=False)
    relu = forms.BooleanField(label="J'ai relu : aucun usager ne peut y être reconnu", required=False)
    cle = forms.UUIDField(widget=forms.HiddenInput)
    vu = forms.IntegerField(min_value=0, initial=0, required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        donnees: Mapping[str, Any] | None,
        fichiers: Any,
        *,
        competences: Sequence[tuple[str, Sequence[tuple[str, str]]]],
        initial: Mapping[str, Any] | None = None,
        joint: bool,
        a_relire: bool = False,
    ) -> None:
        super().__init__(donnees, fichiers, initial=dict(initial or {}))
        offrir(self, "competences", competences)
        if not joint:
            del self.fields["sans_fichier"]
        if not a_relire:
            del self.fields["relu"]

    def montrer_ce_qu_il_faut(self) -> None:
        """Un brouillon se passe de tout ; la page montre comme nécessaire ce qu'il faut pour publier."""
        for champ in ("texte", "fait_le", "competences"):
            self.fields[champ].required = True

    def ecrit(self) -> Ecrit:
        """Ce qui est saisi, pour le service."""
        saisi = self.cleaned_data
        recu = saisi.get("fichier")
        return Ecrit(
            texte=saisi["texte"],
            fait_le=saisi["fait_le"],
            competences=saisi["competences"],
            vu=saisi["vu"] or 0,
            fichier=recu.read() if recu else None,
            sans_fichier=saisi.get("sans_fichier", False),
        )
