"""La forme des saisies : rien n'est enregistré ici. Un champ garde ce qu'on y a tapé quand la page le refuse."""

from parchemin.comptes.forms.acces import Connexion, FormCourriel, FormInviter, FormMotDePasse
from parchemin.comptes.forms.choisir import CHERCHER, ChoixPersonne, FormAvecPersonnes
from parchemin.comptes.forms.commun import Choix, porter_refus
from parchemin.comptes.forms.delegations import FormDeleguer
from parchemin.comptes.forms.habilitations import FormAvenant, FormDeclaration, FormEtat, FormHabilitation
from parchemin.comptes.forms.liens import ChercherPersonne, FormClore, FormLien
from parchemin.comptes.forms.organismes import FormFermeture, FormImport, FormOrganisme
from parchemin.comptes.forms.personnes import PARTOUT, ChoixDeRole, FiltrePersonnes, FormPersonne, FormRole
from parchemin.comptes.forms.registre import FiltreRegistre, FormHabiliter, FormRadier
from parchemin.comptes.forms.vie import FormDepart, FormIdentite, FormReunir

__all__ = [
    "CHERCHER",
    "PARTOUT",
    "ChercherPersonne",
    "Choix",
    "ChoixDeRole",
    "ChoixPersonne",
    "Connexion",
    "FiltrePersonnes",
    "FiltreRegistre",
    "FormAvecPersonnes",
    "FormAvenant",
    "FormClore",
    "FormCourriel",
    "FormDeclaration",
    "FormDeleguer",
    "FormDepart",
    "FormEtat",
    "FormFermeture",
    "FormHabilitation",
    "FormHabiliter",
    "FormIdentite",
    "FormImport",
    "FormInviter",
    "FormLien",
    "FormMotDePasse",
    "FormOrganisme",
    "FormPersonne",
    "FormRadier",
    "FormReunir",
    "FormRole",
    "porter_refus",
]
