"""Les choix de la capacité : voies d'accès, initiative, qualités désignées, actions du journal."""

from __future__ import annotations

from django.db import models

from parchemin.registre import actions


class Voie(models.TextChoices):
    """Par où l'on entre. La déclaration à la Caisse des dépôts la demande : elle se dit dès l'inscription.

    Sources : code du travail, articles L6323-6, L6324-1, L6325-1, L6411-1 ; valeurs attendues du fichier d'accrochage.
    """

    FORMATION_CONTINUE = "formation_continue", "Formation continue"
    CONTRAT_PROFESSIONNALISATION = "contrat_professionnalisation", "Contrat de professionnalisation"
    RECONVERSION = "reconversion", "Période de reconversion"
    VAE = "vae", "Validation des acquis de l'expérience (VAE)"
    FORMATION_INITIALE = "formation_initiale", "Formation initiale, hors apprentissage"
    APPRENTISSAGE = "apprentissage", "Apprentissage"
    EQUIVALENCE = "equivalence", "Équivalence d'un diplôme étranger"
    CANDIDAT_LIBRE = "candidat_libre", "Candidature individuelle"


class Initiative(models.TextChoices):
    """Qui a voulu l'inscription : la déclaration à la Caisse des dépôts le demande."""

    CANDIDAT = "candidat", "Le candidat"
    EMPLOYEUR = "employeur", "L'employeur"
    ORGANISME_FORMATION = "organisme_formation", "L'organisme de formation"
    FRANCE_TRAVAIL = "france_travail", "France Travail"
    AUTRE = "autre", "Une autre personne"


class Qualite(models.TextChoices):
    """Les deux personnes qui attestent les compétences : le référentiel les joint par « et »."""

    TUTEUR = "tuteur", "Tuteur"
    MANAGER = "manager", "Manager"


@actions.declarees
class Action(models.TextChoices):
    """Ce que la capacité inscrit au journal : ces valeurs ne changent jamais."""

    DOSSIER_INSCRIT = "parcours.dossier_inscrit", "Candidat inscrit"
    DESIGNATION = "parcours.designation", "Tuteur et manager désignés"
    ETAT_PASSE = "parcours.etat_passe", "Dossier passé à un autre état"
    AMENAGEMENT = "parcours.amenagement", "Durées aménagées du candidat"
    DOSSIER_ABANDONNE = "parcours.dossier_abandonne", "Dossier abandonné"
