"""Les choix de la capacité : branches, natures de rôle, actions du journal. Les valeurs vivent dans la base."""

from __future__ import annotations

from django.db import models

from parchemin.registre import actions


class Branche(models.TextChoices):
    """La branche d'un organisme du régime général, ou sa place à côté d'elles."""

    MALADIE = "maladie", "Maladie"
    FAMILLE = "famille", "Famille"
    RETRAITE = "retraite", "Retraite"
    RECOUVREMENT = "recouvrement", "Recouvrement"
    INTERBRANCHE = "interbranche", "Interbranche"
    CERTIFICATEUR = "certificateur", "Certificateur ou délégataire"


class NatureRole(models.TextChoices):
    """Ce qu'une personne vient faire ici. Un rôle est daté, et peut être borné à un organisme."""

    ADMINISTRATEUR = "administrateur", "Administrateur"
    GESTIONNAIRE = "gestionnaire", "Gestionnaire"
    CANDIDAT = "candidat", "Candidat"
    TUTEUR = "tuteur", "Tuteur"
    MANAGER = "manager", "Manager"
    EVALUATEUR_METIER = "evaluateur_metier", "Évaluateur, représentant métier"
    EVALUATEUR_CERTIFICATEUR = "evaluateur_certificateur", "Évaluateur, certificateur ou délégué"
    RH = "rh", "Ressources humaines d'un organisme"
    JURE = "jure", "Membre du jury"
    PRESIDENT_JURY = "president_jury", "Président du jury"
    AUDITEUR = "auditeur", "Auditeur"
    DPO = "dpo", "Délégué à la protection des données"


EVALUATEURS = (NatureRole.EVALUATEUR_METIER, NatureRole.EVALUATEUR_CERTIFICATEUR)
"""Les deux qualités d'évaluateur du référentiel."""

ROLES_D_ADMINISTRATEUR = (NatureRole.ADMINISTRATEUR, NatureRole.GESTIONNAIRE, NatureRole.AUDITEUR, NatureRole.DPO)
"""Les rôles qui ouvrent l'accès des autres ou leurs traces : seul un administrateur les donne et les retire."""


@actions.declarees
class Action(models.TextChoices):
    """Ce que la capacité inscrit au journal : ces valeurs ne changent jamais."""

    ORGANISME_CREE = "comptes.organisme_cree", "Organisme créé"
    PERSONNE_CREEE = "comptes.personne_creee", "Personne créée"
    COMPTE_OUVERT = "comptes.compte_ouvert", "Compte ouvert"
    COMPTE_DESACTIVE = "comptes.compte_desactive", "Compte désactivé"
    ROLE_DONNE = "comptes.role_donne", "Rôle donné"
    ROLE_RETIRE = "comptes.role_retire", "Rôle retiré"
    INVITATION_EMISE = "comptes.invitation_emise", "Invitation émise"
    INVITATION_ACCEPTEE = "comptes.invitation_acceptee", "Invitation acceptée"
