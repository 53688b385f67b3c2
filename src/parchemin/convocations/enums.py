"""Les valeurs enregistrées des convocations : jamais renommées à la légère."""

from __future__ import annotations

from django.db import models

from parchemin.comptes.enums import NatureRole
from parchemin.registre import actions


class Qualite(models.TextChoices):
    """En quelle qualité une personne évalue (référentiel : « Evaluation faite par »)."""

    METIER = "metier", "représentant métier"
    CERTIFICATEUR = "certificateur", "organisme certificateur ou son délégué"

    @property
    def autre(self) -> Qualite:
        """L'autre des deux qualités."""
        return Qualite.CERTIFICATEUR if self is Qualite.METIER else Qualite.METIER


ROLE_DE_QUALITE = {
    Qualite.METIER: NatureRole.EVALUATEUR_METIER,
    Qualite.CERTIFICATEUR: NatureRole.EVALUATEUR_CERTIFICATEUR,
}
"""Le rôle qu'il faut tenir, le jour de l'épreuve, pour évaluer en chaque qualité."""


class GenreDeclare(models.TextChoices):
    """Ce qu'un évaluateur déclare avant d'ouvrir la grille. D'un lien, il ne dit que le genre."""

    AUCUN = "aucun", "Je n'ai aucun lien avec le candidat"
    HIERARCHIQUE = "hierarchique", "J'ai, ou j'ai eu, un lien hiérarchique avec le candidat"
    FORMATION = "formation", "J'ai participé à sa formation"
    ACCOMPAGNEMENT = "accompagnement", "Je l'ai accompagné dans sa démarche"
    PROFESSIONNEL = "professionnel", "J'ai, ou j'ai eu, une relation professionnelle avec lui"
    PERSONNEL = "personnel", "J'ai un lien personnel avec lui"


class GenreIncident(models.TextChoices):
    """Ce qui empêche une épreuve d'aller au bout (`moteur.regles.incident`)."""

    ABSENT = "absent", "Le candidat est absent, sans avoir prévenu"
    EXCUSE = "excuse", "Le candidat est excusé"
    INTERROMPU = "interrompu", "L'épreuve a dû s'interrompre"
    ACCORD_RETIRE = "accord_retire", "L'usager a retiré son accord à la double écoute"
    PANNE = "panne", "Une panne technique"
    FRAUDE = "fraude", "Un soupçon de fraude"


class SuiteIncident(models.TextChoices):
    """Ce que le gestionnaire décide d'une épreuve suspendue (`moteur.regles.incident`)."""

    REPRENDRE = "reprendre", "Reprendre l'épreuve, sur la même grille"
    REPLANIFIER = "replanifier", "Replanifier l'épreuve"
    CLORE = "clore", "Clore l'épreuve : le bloc est non évalué"


SANS_SUITE = ("annulee", "non_evaluee")
"""Les états d'une épreuve qui ne juge plus rien : un bloc dont toutes les épreuves en sont peut en recevoir une autre."""

APRES_LES_SCEAUX = ("lectures_scellees", "accordee")
"""Les états où un incident se consigne au lieu de se signaler : rien ne suspend plus l'épreuve, le jury lira."""


@actions.declarees
class Action(models.TextChoices):
    """Ce que la capacité inscrit au journal : ces valeurs ne changent jamais."""

    EPREUVE_PLANIFIEE = "convocations.epreuve_planifiee", "Épreuve planifiée"
    EPREUVE_DEPLACEE = "convocations.epreuve_deplacee", "Épreuve déplacée"
    EVALUATEURS_AFFECTES = "convocations.evaluateurs_affectes", "Évaluateurs affectés"
    EPREUVE_PASSEE = "convocations.epreuve_passee", "Épreuve passée à un autre état"
    EPREUVE_ANNULEE = "convocations.epreuve_annulee", "Épreuve annulée"
    DECLARATION_SIGNEE = "convocations.declaration_signee", "Déclaration d'indépendance signée"
    EVALUATEUR_REMPLACE = "convocations.evaluateur_remplace", "Évaluateur remplacé en cours d'épreuve"
    EVALUATEUR_RETIRE = "convocations.evaluateur_retire", "Évaluateur retiré de l'épreuve"
    RECUSATION_DEPOSEE = "convocations.recusation_deposee", "Récusation déposée"
    RECUSATION_TRANCHEE = "convocations.recusation_tranchee", "Récusation tranchée"
    INDEPENDANCE_REVUE = "convocations.independance_revue", "Indépendance d'une épreuve revérifiée"
    INCIDENT_SIGNALE = "convocations.incident_signale", "Incident signalé, épreuve suspendue"
    INCIDENT_CONSIGNE = "convocations.incident_consigne", "Incident consigné après les deux lectures"
    INCIDENT_TRANCHE = "convocations.incident_tranche", "Suite donnée à un incident"
    SITE_CREE = "convocations.site_cree", "Site ajouté"
    SITE_MODIFIE = "convocations.site_modifie", "Site modifié"
    SITE_FERME = "convocations.site_ferme", "Site fermé ou rouvert"
    SALLE_CREEE = "convocations.salle_creee", "Salle ajoutée"
    SALLE_MODIFIEE = "convocations.salle_modifiee", "Salle modifiée"
    TRAJET_DIT = "convocations.trajet_dit", "Trajet entre deux sites dit"
    AGENDA_REVU = "convocations.agenda_revu", "Disponibilités revues"
