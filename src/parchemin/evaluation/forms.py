"""La forme des saisies de l'évaluation : rien n'est enregistré ici."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.forms import BoundField

from moteur.faits import MINUTES_MAXIMALES, TEXTE_MAXIMAL
from moteur.referentiel import Bloc
from moteur.vocabulaire import CodeExigence, Etat
from parchemin.evaluation.enums import Main, SensAvis, Sort
from parchemin.socle.formulaires import offrir, saisie_de_l_instant


class FormQuarantaine(forms.Form):
    """Le sort de gestes mis à part, et son motif."""

    evaluateur = forms.UUIDField()
    sort = forms.ChoiceField(choices=Sort.choices)
    motif = forms.CharField(label="Pourquoi", max_length=500)


CHAMPS_DE_SUITE = {
    "relancer": (),
    "remplacer": ("qualite", "personne", "motif"),
    "replanifier": ("prevue_le", "motif"),
    "jury": ("motif",),
    "etablir": ("motif",),
}
"""Ce que demande chaque suite, quand un évaluateur ne va pas au bout."""


class SuiteForm(forms.Form):
    """Une suite, et ce qu'il lui faut ; chacune a son formulaire dans la page."""

    qualite = forms.ChoiceField(label="Qui remplacer", error_messages={"required": "Dites qui remplacer."})
    personne = forms.ChoiceField(
        label="Par qui",
        help_text="Seules sont proposées les personnes que rien n'écarte.",
        error_messages={"required": "Choisissez qui prend la suite."},
    )
    prevue_le = forms.SplitDateTimeField(
        label="Nouvelle date",
        help_text="À l'heure de Paris.",
        widget=saisie_de_l_instant(),
        error_messages={"required": "Dites le jour et l'heure de la nouvelle épreuve."},
    )
    motif = forms.CharField(
        label="Pourquoi",
        help_text="Le jury le lira.",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites pourquoi : le jury le lira."},
    )

    def __init__(
        self,
        *args: Any,
        suite: str,
        attendus: Sequence[tuple[str, str]],
        personnes: Sequence[tuple[str, list[tuple[str, str]]]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = f"{suite}-%s"
        for champ in set(self.fields) - set(CHAMPS_DE_SUITE[suite]):
            del self.fields[champ]
        if "personne" in self.fields:
            offrir(self, "qualite", [("", "Choisir…"), *attendus])
            offrir(self, "personne", [("", "Choisir…"), *personnes])


class DesignationForm(forms.Form):
    """La troisième personne ; les choix sont celles que rien n'écarte."""

    personne = forms.ChoiceField(label="La troisième personne", error_messages={"required": "Choisissez une personne."})

    def __init__(self, *args: Any, choix: Sequence[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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

    def __init__(self, *args: Any, criteres: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offrir(self, "criteres", [(code, f"{code} · {libelle}") for code, libelle in criteres])


class CodesForm(forms.Form):
    """Le code de chaque page d'une grille papier, un par ligne : lu par un lecteur de codes, ou tapé."""

    codes = forms.CharField(
        label="Le code de chaque page",
        help_text="Un par ligne : lisez le code QR, ou tapez ce qui est écrit dessous. Par exemple 49533F61-M1/4-44B4B788.",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocapitalize": "characters"}),
        error_messages={"required": "Lisez ou tapez le code de chaque page."},
    )


class PieceForm(forms.Form):
    """La photo ou la numérisation d'une feuille."""

    fichier = forms.FileField(
        label="Photo ou numérisation d'une feuille",
        help_text="PDF, PNG ou JPEG, 10 Mo au plus. Le lieu et l'appareil d'une photo sont effacés. La grille seulement : "
        "jamais un document du candidat ni d'un usager.",
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,image/png,image/jpeg"}),
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )


class AbandonRessaisieForm(forms.Form):
    """Pourquoi une ressaisie s'arrête."""

    motif = forms.CharField(
        label="Pourquoi", max_length=500, error_messages={"required": "Dites pourquoi cette ressaisie s'arrête."}
    )


_COCHES = (
    (Etat.VALIDE.value, "Validé"),
    (Etat.NON_VALIDE.value, "Non validé"),
    (Etat.NON_OBSERVE.value, "Non observé"),
    ("", "Rien de coché"),
)
COURRIERS_DE_PLUS = 3
ENTRETIENS_MAXIMUM = 12


class SaisieForm(forms.Form):
    """Ce que porte une grille papier, case par case. Rien n'y est obligatoire : une feuille peut être incomplète."""

    def __init__(self, *args: Any, bloc: Bloc, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bloc = bloc
        epreuve = bloc.epreuve
        if len(epreuve.alternatives) > 1:
            self.fields["alternative"] = forms.ChoiceField(
                label="Voie",
                required=False,
                widget=forms.RadioSelect,
                choices=[*((voie.code, voie.intitule) for voie in epreuve.alternatives), ("", "Rien de coché")],
            )
        self.fields["lieu"] = forms.CharField(label="Lieu, s’il a changé", required=False, max_length=TEXTE_MAXIMAL)
        for phase in epreuve.phases:
            self.fields[f"phase:{phase.code}"] = forms.IntegerField(
                label=f"{phase.intitule}, en minutes",
                required=False,
                min_value=0,
                max_value=MINUTES_MAXIMALES,
                error_messages=dict.fromkeys(("invalid", "min_value"), "Un nombre de minutes, en chiffres."),
            )
        for exigence in epreuve.exigences:
            match exigence.code:
                case CodeExigence.ENTRETIENS:
                    self.fields["entretiens"] = forms.IntegerField(
                        label="Nombre d’entretiens notés",
                        required=False,
                        min_value=0,
                        max_value=ENTRETIENS_MAXIMUM,
                        error_messages=dict.fromkeys(("invalid", "min_value"), "Un nombre d’entretiens, en chiffres."),
                    )
                case CodeExigence.COURRIERS:
                    for rang in range(1, exigence.minimum + COURRIERS_DE_PLUS + 1):
                        self.fields[f"motif:{rang}"] = forms.CharField(
                            label=f"Courrier {rang}, motif", required=False, max_length=500
                        )
                        self.fields[f"preselection:{rang}"] = forms.BooleanField(
                            label=f"Courrier {rang} présélectionné", required=False
                        )
                case CodeExigence.COMPETENCES_ABORDEES:
                    self.fields["abordees"] = forms.MultipleChoiceField(
                        label="Compétences abordées, cochées",
                        required=False,
                        widget=forms.CheckboxSelectMultiple,
                        choices=[(c.code, f"{c.code} {c.intitule}") for c in bloc.competences()],
                    )
        for competence in bloc.competences():
            for critere in competence.criteres:
                self.fields[f"critere:{critere.code}"] = forms.ChoiceField(
                    label=f"{critere.code} {critere.intitule}",
                    required=False,
                    widget=forms.RadioSelect,
                    choices=_COCHES,
                )
            self.fields[f"commentaire:{competence.code}"] = forms.CharField(
                label=f"Faits observés, {competence.code}",
                required=False,
                max_length=TEXTE_MAXIMAL,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def conditions(self) -> Iterator[BoundField]:
        """Les champs des conditions de l'épreuve, dans l'ordre de la feuille."""
        for nom in self.fields:
            if nom.partition(":")[0] not in ("critere", "commentaire"):
                yield self[nom]

    def groupes(self) -> Iterator[tuple[str, tuple[BoundField, ...], BoundField]]:
        """Pour chaque compétence : son titre, les champs de ses critères, celui de ses faits observés."""
        for competence in self.bloc.competences():
            yield (
                f"{competence.code} {competence.intitule}",
                tuple(self[f"critere:{critere.code}"] for critere in competence.criteres),
                self[f"commentaire:{competence.code}"],
            )

    def contenu(self) -> dict[str, Any]:
        """La saisie, dans les mots des faits ; une case vide n'y est pas. À n'appeler que sur un formulaire valide."""
        lu = self.cleaned_data
        voie = lu.get("alternative") or None
        contenu: dict[str, Any] = {"alternative": voie} if voie else {}
        if lieu := lu["lieu"].strip():
            contenu["lieu"] = lieu
        for nom, valeur in lu.items():
            genre, _, code = nom.partition(":")
            if genre == "phase" and valeur is not None:
                contenu[f"phase:{code}:duree"] = valeur
            elif genre == "critere" and valeur:
                contenu[nom] = valeur
            elif genre == "commentaire" and valeur.strip():
                contenu[nom] = valeur.replace("\r\n", "\n").strip()
            elif genre == "motif" and (valeur.strip() or lu[f"preselection:{code}"]):
                contenu[f"courrier:papier-{code}"] = {
                    "motif": valeur.strip(),
                    "preselectionne": lu[f"preselection:{code}"],
                }
        for rang in range(1, (lu.get("entretiens") or 0) + 1):
            contenu[f"entretien:papier-{rang}"] = {"alternative": voie}
        contenu |= {f"competence_abordee:{code}": True for code in lu.get("abordees", ())}
        voies = self.bloc.epreuve.alternatives
        if contenu and len(voies) == 1:  # la seule n'est pas à cocher
            contenu["alternative"] = voies[0].code
        return contenu


class DifferencesForm(forms.Form):
    """Ce que l'on retient, différence par différence : chaque choix porte le rang de sa valeur."""

    def __init__(
        self, *args: Any, differences: Sequence[tuple[str, str, Sequence[tuple[object, str]]]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._valeurs: dict[str, dict[str, object]] = {}
        for cible, libelle, choix in differences:
            self._valeurs[cible] = {str(rang): valeur for rang, (valeur, _) in enumerate(choix)}
            self.fields[cible] = forms.ChoiceField(
                label=libelle,
                widget=forms.RadioSelect,
                choices=[(str(rang), mots) for rang, (_, mots) in enumerate(choix)],
                error_messages={"required": "Dites ce que porte la feuille."},
            )

    def retenus(self) -> Mapping[str, object]:
        """Ce que la feuille porte, cible par cible ; `None` : elle n'en dit rien."""
        return {cible: self._valeurs[cible][self.cleaned_data[cible]] for cible in self._valeurs}


class FormFacon(forms.Form):
    """Sa main et ses touches ; les phrases, elles, se rangent dans la page. `vu` : l'enregistrement que montrait la page."""

    main = forms.ChoiceField(
        label="Les choix d’un critère et les boutons du bas", choices=Main.choices, widget=forms.RadioSelect
    )
    raccourcis = forms.BooleanField(
        label="Une touche seule suffit (1, 2, 3, R, Z…)",
        help_text="À couper si vous dictez au clavier, ou si une touche part trop vite. Les flèches restent.",
        required=False,
    )
    vu = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
