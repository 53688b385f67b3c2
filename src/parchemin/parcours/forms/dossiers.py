"""La forme des saisies d'un parcours : rien n'est enregistré ici."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms

from parchemin.comptes.forms import ChoixPersonne, FormAvecPersonnes
from parchemin.comptes.selectors import Proposition
from parchemin.parcours.enums import AccesVae, Initiative, Voie
from parchemin.socle.formulaires import offrir, saisie_du_jour
from parchemin.socle.refus import Refus

type Choix = Sequence[tuple[str, str]]

NOUVELLE = "nouvelle"
"""La valeur de « une personne nouvelle »."""

NOUVELLE_NOMMEE = "Une personne nouvelle a besoin d'un prénom et d'un nom."

_CHAMPS_EN_CAUSE: Mapping[str, str] = {
    "bloc_manquant": "blocs",
    "bloc_inconnu": "blocs",
    "bloc_en_double": "blocs",
    "entree_avant_enregistrement": "entree_le",
    "entree_apres_enregistrement": "entree_le",
    "entree_a_venir": "entree_le",
    "recevabilite_en_trop": "recevable_le",
    "recevabilite_a_venir": "recevable_le",
    "referent_inconnu": "referent_rh",
    "piece_incomplete": "vu_le",
    "piece_a_venir": "vu_le",
    "dossier_deja_ouvert": "candidat",
    "homonyme": "homonyme_admis",
    "deja_titulaire": "titulaire_admis",
    "homonyme_titulaire": "titulaire_admis",
    "courriel_deja_pris": "courriel_pro",
    "tuteur_est_manager": "manager",
    "candidat_designe": "tuteur",
    "inscription_reservee": "organisme",
    "motif_manquant": "motif",
    "equivalence_absente": "choix",
    "bloc_deja_acquis": "choix",
    "bloc_non_demande": "choix",
    "epreuve_commencee": "choix",
    "obtention_a_venir": "obtenu_le",
    "bloc_echu": "obtenu_le",
    "piece_avant_l_obtention": "vu_le",
    "etape_hors_de_propos": "genre",
    "etape_a_venir": "le",
    "etape_avant_la_precedente": "le",
    "silence_acquis": "le",
    "recevabilite_echue": "le",
    "mot_manquant": "mot",
    "meme_version": "version",
    "meme_organisme": "vers",
    "organisme_ferme": "vers",
    "accompagnants_manquants": "tuteur",
    "rien_a_poursuivre": "version",
    "version_vae": "version",
    "version_trop_tard": "version",
    "changement_impossible": "version",
}


def porter_refus(formulaire: forms.Form, refus: Refus) -> None:
    """Montre un refus sur le champ en cause, ou en tête du formulaire."""
    champ = _CHAMPS_EN_CAUSE.get(refus.code)
    for texte in refus.details or (refus.message,):
        formulaire.add_error(champ if champ in formulaire.fields else None, texte)


@dataclass(frozen=True, slots=True)
class ChoixInscription:
    """Ce que le formulaire d'inscription propose."""

    personnes: Mapping[str, Proposition]
    organismes: Choix
    blocs: Choix


class FiltreDossiers(forms.Form):
    """Chercher dans la liste des candidats."""

    q = forms.CharField(
        label="Prénom ou nom", required=False, max_length=80, widget=forms.TextInput(attrs={"type": "search"})
    )
    etat = forms.ChoiceField(label="État", required=False)

    def __init__(self, *args: Any, etats: Choix, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offrir(self, "etat", [("", "Tous"), *etats])


class FormDesigner(FormAvecPersonnes):
    """Le tuteur et le manager d'un dossier."""

    CHOISIS: tuple[str, ...] = ("tuteur", "manager")

    tuteur = forms.ChoiceField(label="Tuteur")
    manager = forms.ChoiceField(label="Manager")

    def designe(self, nom: str) -> UUID | None:
        """La personne choisie, s'il y en a une."""
        valeur = self.cleaned_data[nom]
        return UUID(valeur) if valeur else None


class FormCorriger(FormAvecPersonnes):
    """Ce qui se corrige d'une inscription : qui suit le dossier, et comment se fait la VAE, si c'en est une."""

    CHOISIS = ("referent_rh",)

    referent_rh = forms.ChoiceField(
        label="Référent RH", required=False, help_text="Qui suit ce dossier aux ressources humaines de l'organisme."
    )
    acces_vae = forms.ChoiceField(
        label="Accès à la VAE", required=False, choices=[("", "Pas encore connu"), *AccesVae.choices]
    )

    def __init__(self, *args: Any, vae: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not vae:
            del self.fields["acces_vae"]


class FormInscrire(FormDesigner):
    """L'inscription d'un candidat, nouveau ou déjà enregistré. Une personne nouvelle a un prénom et un nom."""

    use_required_attribute = False  # le prénom et le nom ne sont exigés que d'une personne nouvelle

    CHOISIS = ("candidat", "tuteur", "manager", "referent_rh")

    candidat = forms.ChoiceField(label="Candidat")
    prenom = forms.CharField(label="Prénom", max_length=80, error_messages={"required": NOUVELLE_NOMMEE})
    nom = forms.CharField(label="Nom", max_length=80, error_messages={"required": NOUVELLE_NOMMEE})
    courriel_pro = forms.EmailField(label="Courriel professionnel", required=False)
    homonyme_admis = forms.BooleanField(
        label="C'est une autre personne que celle du même nom déjà enregistrée", required=False
    )
    titulaire_admis = forms.BooleanField(
        label="J'ai lu cet avertissement : l'inscription est voulue, ou c'est une autre personne", required=False
    )
    organisme = forms.ChoiceField(label="Organisme")
    voie = forms.ChoiceField(label="Voie d'accès", choices=[("", "Choisir…"), *Voie.choices])
    initiative = forms.ChoiceField(
        label="Qui a voulu cette inscription ?", choices=[("", "Choisir…"), *Initiative.choices]
    )
    entree_le = forms.DateField(
        label="Date d'entrée",
        help_text="L'entrée en formation ; pour une VAE, le jour où la demande complète a été reçue.",
        widget=saisie_du_jour(),
    )
    recevable_le = forms.DateField(
        label="VAE déclarée recevable le",
        required=False,
        help_text="Pour une VAE seulement. Laissez vide si la réponse est attendue : le délai de la loi court.",
        widget=saisie_du_jour(),
    )
    acces_vae = forms.ChoiceField(
        label="Accès à la VAE",
        required=False,
        choices=[("", "Sans objet, ou pas encore connu"), *AccesVae.choices],
    )
    blocs = forms.MultipleChoiceField(label="Blocs demandés", widget=forms.CheckboxSelectMultiple)
    tuteur = forms.ChoiceField(
        label="Tuteur", required=False, help_text="Il peut être nommé plus tard. Une VAE n'en demande pas."
    )
    manager = forms.ChoiceField(label="Manager", required=False, help_text="Une autre personne que le tuteur.")
    referent_rh = forms.ChoiceField(
        label="Référent RH",
        required=False,
        help_text="Qui suit ce dossier aux ressources humaines de l'organisme. Il peut être nommé plus tard.",
    )

    IDENTITE = ("prenom", "nom", "courriel_pro", "homonyme_admis", "titulaire_admis")
    PARCOURS = ("organisme", "voie", "initiative", "entree_le", "recevable_le", "acces_vae", "blocs")

    def __init__(self, *args: Any, choix: ChoixInscription, **kwargs: Any) -> None:
        super().__init__(*args, personnes=choix.personnes, **kwargs)
        champs: Any = self.fields
        champs["candidat"].choices = [(NOUVELLE, "Une personne nouvelle"), *choix.personnes["candidat"].choix]
        vide = [] if len(choix.organismes) == 1 else [("", "Choisir…")]
        champs["organisme"].choices = [*vide, *choix.organismes]
        champs["blocs"].choices = choix.blocs
        for nom in ("prenom", "nom"):
            champs[nom].required = self.data.get("candidat", NOUVELLE) == NOUVELLE
        for nom in ("homonyme_admis", "titulaire_admis"):
            if not self.data.get(nom):
                champs[nom].widget = forms.HiddenInput()

    @property
    def est_nouvelle(self) -> bool:
        """Vrai si le candidat est une personne à enregistrer."""
        return bool(self.cleaned_data.get("candidat") == NOUVELLE)

    def proposer(self, admis: str) -> None:
        """Montre la case (`homonyme_admis`, `titulaire_admis`) qui permet de passer outre."""
        self.fields[admis].widget = forms.CheckboxInput()

    def champs(self, noms: Sequence[str]) -> list[forms.BoundField]:
        """Les champs d'une partie du formulaire."""
        return [self[nom] for nom in noms]

    @property
    def identite(self) -> list[forms.BoundField]:
        """Qui est la personne nouvelle."""
        return self.champs(self.IDENTITE)

    @property
    def parcours(self) -> list[forms.BoundField]:
        """Par où, depuis quand, pour quoi."""
        return self.champs(self.PARCOURS)

    @property
    def le_candidat(self) -> ChoixPersonne:
        """Qui s'inscrit, s'il est déjà enregistré."""
        return self.choix_personne("candidat")

    @property
    def designes(self) -> list[ChoixPersonne]:
        """Qui accompagne."""
        return [self.choix_personne(nom) for nom in ("tuteur", "manager", "referent_rh")]


class FormAbandonner(forms.Form):
    """Le motif d'un abandon."""

    motif = forms.CharField(
        label="Pourquoi ce dossier est-il abandonné ?",
        help_text="Le candidat lira ces mots.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
