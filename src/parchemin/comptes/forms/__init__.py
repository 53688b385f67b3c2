"""La forme des saisies : rien n'est enregistré ici. Un champ garde ce qu'on y a tapé quand la page le refuse."""

from parchemin.comptes.forms.acces import Connexion, FormInviter, FormMotDePasse
from parchemin.comptes.forms.commun import Choix, porter_refus
from parchemin.comptes.forms.liens import ChercherPersonne, FormClore, FormLien
from parchemin.comptes.forms.organismes import FormOrganisme
from parchemin.comptes.forms.personnes import PARTOUT, ChoixDeRole, FiltrePersonnes, FormPersonne, FormRole

__all__ = [
    "PARTOUT",
    "ChercherPersonne",
    "Choix",
    "ChoixDeRole",
    "Connexion",
    "FiltrePersonnes",
    "FormClore",
    "FormInviter",
    "FormLien",
    "FormMotDePasse",
    "FormOrganisme",
    "FormPersonne",
    "FormRole",
    "porter_refus",
]
