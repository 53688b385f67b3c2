"""Les choix de la capacité : états d'un envoi, rythmes, actions du journal. Les valeurs vivent dans la base."""

from __future__ import annotations

from django.db import models

from parchemin.registre import actions


class Etat(models.TextChoices):
    """Où en est un envoi. Tous sont sans retour, sauf le premier."""

    A_ENVOYER = "a_envoyer", "À envoyer"
    ENVOYE = "envoye", "Envoyé"
    ECHEC = "echec", "N’a pas pu partir"
    ANNULE = "annule", "Annulé avant de partir"


class Rythme(models.TextChoices):
    """Quand une personne veut recevoir un genre de courriel facultatif."""

    IMMEDIAT = "immediat", "Dès que cela arrive"
    QUOTIDIEN = "quotidien", "Dans le courriel du jour"
    JAMAIS = "jamais", "Jamais"


class Issue(models.TextChoices):
    """Ce qu'est devenue une nouvelle : rien de cela n'est une erreur."""

    ENVOYEE = "envoyee", "Partie seule"
    GARDEE = "gardee", "Gardée pour le courriel du jour"
    COUPEE = "coupee", "La personne n'en veut pas"
    DEJA_DITE = "deja_dite", "Déjà dite"


@actions.declarees
class Action(models.TextChoices):
    """Ce que la capacité inscrit au journal : ces valeurs ne changent jamais."""

    DEPOSE = "courriels.depose", "Courriel déposé dans la boîte d'envoi"
    ENVOYE = "courriels.envoye", "Courriel remis au serveur d'envoi"
    ESSAI_MANQUE = "courriels.essai_manque", "Essai d'envoi manqué"
    ECHEC = "courriels.echec", "Courriel qui n'a pas pu partir"
    ANNULE = "courriels.annule", "Courriel annulé avant de partir"
    NOUVELLE_GARDEE = "courriels.nouvelle_gardee", "Nouvelle gardée pour le courriel du jour"
    PREFERENCES = "courriels.preferences", "Préférences de courriel réglées"
    TOURNEE = "courriels.tournee", "Courriels du jour composés"
    EFFACES = "courriels.effaces", "Anciens courriels vidés"


ACTION_D_ISSUE = {Etat.ENVOYE: Action.ENVOYE, Etat.ECHEC: Action.ECHEC, Etat.A_ENVOYER: Action.ESSAI_MANQUE}
"""Ce qui s'inscrit selon ce qu'un essai a fait de l'envoi."""
