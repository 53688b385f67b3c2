"""La forme des saisies de l'état civil et des listes de lieux."""

from __future__ import annotations

from typing import Any

from django import forms

from parchemin.parcours import identite
from parchemin.parcours.enums import GenreLieu, Piece
from parchemin.parcours.identite import FRANCE, LONGUEUR_MAX, LieuDeNaissance, Naissance
from parchemin.socle.formulaires import saisie_du_jour


def _texte(libelle: str, aide: str = "", manque: str = "", **attributs: str) -> forms.CharField:
    # deux fois la longueur admise : c'est la règle qui refuse, avec ses mots, et rien de collé n'est coupé
    return forms.CharField(
        label=libelle,
        required=bool(manque),
        error_messages={"required": manque},
        max_length=2 * LONGUEUR_MAX,
        help_text=aide,
        widget=forms.TextInput(attrs={"autocomplete": "off", **attributs}),
    )


def _nombre(libelle: str, aide: str = "", manque: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=libelle,
        required=bool(manque),
        error_messages={"required": manque, "invalid": "Écrivez ce nombre en chiffres."},
        help_text=aide,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class FormEtatCivil(forms.Form):
    """L'état civil, tel qu'à l'acte de naissance. Ce qui est exigé, ce sont les règles qui le disent (`parcours.identite`)."""

    use_required_attribute = False  # le prénom n'est exigé que de qui en a un

    nom_naissance = _texte(
        "Nom de naissance",
        "Accents, apostrophes, particules et traits d'union comme à l'acte.",
        "Le nom de naissance manque.",
    )
    nom_usage = _texte("Nom d'usage", "Seulement s'il diffère du nom de naissance.")
    prenom1 = _texte(
        "Premier prénom",
        "Un prénom composé tient ici en entier : « Jean-Paul », « Marie Claire ».",
        "Le prénom manque. S'il n'y en a pas à l'acte, cochez « un seul nom ».",
    )
    prenom2 = _texte("Deuxième prénom")
    prenom3 = _texte("Troisième prénom")
    nom_unique = forms.BooleanField(label="Un seul nom, sans prénom à l'acte", required=False)
    sexe = forms.ChoiceField(
        label="Sexe à l'acte de naissance",
        error_messages={"required": "Dites le sexe de l'acte de naissance."},
        choices=[("F", "Féminin"), ("M", "Masculin")],
        widget=forms.RadioSelect,
    )
    jour = _nombre("Jour de naissance", "Vide s'il est inconnu à l'acte.")
    mois = _nombre("Mois de naissance", "En chiffres. Vide s'il est inconnu.")
    annee = _nombre("Année de naissance", "Quatre chiffres.", "L'année de naissance manque : elle est exigée.")
    commune = _texte("Commune de naissance", "La ville, pour qui est né à l'étranger.")
    commune_code = _texte(
        "Code Insee de la commune",
        "Celui du jour de la naissance ; ce n'est pas le code postal. Vide pour qui est né à l'étranger.",
        spellcheck="false",
    )
    pays = _texte("Pays de naissance", "Vide pour la France, outre-mer compris.")
    pays_code = _texte("Code Insee du pays", "99, puis trois chiffres ; vide pour la France.", inputmode="numeric")
    piece = forms.ChoiceField(label="Vu sur", required=False, choices=[("", "Pas encore vu sur pièce"), *Piece.choices])
    vu_le = forms.DateField(
        label="Vu le",
        required=False,
        help_text="Aucune copie n'est gardée : votre nom et ce jour suffisent.",
        widget=saisie_du_jour(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["prenom1"].required = not self.data.get("nom_unique")

    @classmethod
    def de(cls, etat: identite.EtatCivil) -> dict[str, Any]:
        """Les valeurs d'un état civil enregistré."""
        prenoms = (*etat.prenoms, "", "", "")
        return {
            "nom_naissance": etat.nom_naissance,
            "nom_usage": etat.nom_usage,
            **{f"prenom{rang + 1}": prenoms[rang] for rang in range(3)},
            "nom_unique": etat.nom_unique,
            "sexe": etat.sexe,
            "jour": etat.naissance.jour,
            "mois": etat.naissance.mois,
            "annee": etat.naissance.annee,
            "commune": etat.lieu.commune,
            "commune_code": etat.lieu.commune_code,
            "pays": etat.lieu.pays,
            "pays_code": "" if etat.lieu.en_france else etat.lieu.pays_code,
        }

    @property
    def etat(self) -> identite.EtatCivil:
        """Ce qui est saisi, tel que les règles le lisent."""
        champs = self.cleaned_data
        return identite.EtatCivil(
            nom_naissance=champs["nom_naissance"],
            prenoms=tuple(champs[f"prenom{rang}"] for rang in (1, 2, 3)),
            sexe=champs["sexe"],
            naissance=Naissance(champs["annee"], champs["mois"], champs["jour"]),
            lieu=LieuDeNaissance(
                champs["commune_code"], champs["commune"], champs["pays_code"] or FRANCE, champs["pays"]
            ),
            nom_usage=champs["nom_usage"],
            nom_unique=champs["nom_unique"],
        )

    @property
    def parties(self) -> list[tuple[str, list[list[forms.BoundField]]]]:
        """Les parties du formulaire, dans l'ordre de la pièce ; dans chacune, les champs qui se lisent côte à côte."""
        return [
            (titre, [[self[nom] for nom in rang] for rang in rangs])
            for titre, rangs in (
                (
                    "Qui",
                    (("nom_naissance", "nom_usage"), ("prenom1", "prenom2", "prenom3"), ("nom_unique",), ("sexe",)),
                ),
                ("Naissance", (("jour", "mois", "annee"),)),
                ("Lieu de naissance", (("commune", "commune_code"), ("pays", "pays_code"))),
                ("Vu sur pièce", (("piece", "vu_le"),)),
            )
        ]

    def porter_constats(self, constats: tuple[identite.Constat, ...]) -> None:
        """Montre chaque refus des règles sur son champ."""
        for constat in identite.refus(constats):
            champ = "prenom1" if constat.champ == "prenoms" else constat.champ
            self.add_error(champ, constat.message)


class FormLieux(forms.Form):
    """Un fichier de l'Insee."""

    genre = forms.ChoiceField(label="Liste", choices=GenreLieu.choices)
    fichier = forms.FileField(
        label="Fichier",
        help_text="Le CSV de l'Insee, tel quel : « Communes depuis 1943 » ou « Pays et territoires étrangers depuis 1943 ».",
        widget=forms.FileInput(attrs={"accept": ".csv"}),
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )
