"""Les valeurs enregistrées des convocations : jamais renommées à la légère."""

from __future__ import annotations

from django.db import models

from moteur.regles.delai_de_convocation import Destinataire
from parchemin.comptes.enums import NatureRole
from parchemin.courriels.genres import Genre, declarer
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


class Convoque(models.TextChoices):
    """En quelle place une personne est convoquée."""

    CANDIDAT = "candidat", "candidat"
    METIER = "metier", "évaluateur, représentant métier"
    CERTIFICATEUR = "certificateur", "évaluateur, organisme certificateur ou son délégué"
    MANAGER = "manager", "manager du candidat"

    @property
    def destinataire(self) -> Destinataire:
        """La ligne de la table des délais (`moteur.regles.delai_de_convocation`) qui vaut pour cette place."""
        return Destinataire(self.value) if self.value in set(Destinataire) else Destinataire.EVALUATEUR

    @property
    def evalue(self) -> bool:
        """Vrai pour les deux évaluateurs."""
        return self in EVALUENT


EVALUENT = (Convoque.METIER, Convoque.CERTIFICATEUR)
A_CONVOQUER = (Convoque.CANDIDAT, *EVALUENT)
"""Sans l'une de ces places, l'épreuve ne se tient pas : tant que qui la tient n'est pas convoqué, elle est à convoquer."""


class MoyenIdentite(models.TextChoices):
    """Comment l'identité du candidat est contrôlée. Le genre de la pièce suffit : ni numéro, ni copie."""

    CARTE = "carte", "Carte d'identité"
    PASSEPORT = "passeport", "Passeport"
    SEJOUR = "sejour", "Titre de séjour"
    CONDUIRE = "conduire", "Permis de conduire"
    PROFESSIONNELLE = "professionnelle", "Carte professionnelle avec photo"


class MoyenPresence(models.TextChoices):
    """Comment une présence est établie."""

    COMPTE = "compte", "signée de son compte"
    LIEN = "lien", "signée par son lien personnel"
    CONSTAT = "constat", "constatée par un évaluateur"


MAXIMUM_LE_PLUS_GRAND = 20
"""Ce qu'une personne peut accepter au plus d'épreuves par jour."""


class EtatDePlan(models.TextChoices):
    """Où en est un plan d'épreuves."""

    DEMANDE = "demande", "en préparation"
    PREMIER = "premier", "en cours d'amélioration"
    PROPOSE = "propose", "proposé"
    ADOPTION = "adoption", "en cours d'adoption"
    ADOPTE = "adopte", "adopté"
    VIDE = "vide", "sans rien à planifier"


SANS_SUITE = ("annulee", "non_evaluee")
"""Les états d'une épreuve qui ne juge plus rien : un bloc dont toutes les épreuves en sont peut en recevoir une autre."""

AVANT_L_EPREUVE = ("a_planifier", "affectee")
"""Les états d'une épreuve qui n'a pas commencé."""

ATTENDENT = (*AVANT_L_EPREUVE, "en_cours", "suspendue")
"""Les états d'une épreuve qui attend encore quelqu'un."""

APRES_LES_SCEAUX = ("lectures_scellees", "accordee")
"""Les états où un incident se consigne au lieu de se signaler : rien ne suspend plus l'épreuve, le jury lira."""


@actions.declarees
class Action(models.TextChoices):
    """Ce que la capacité inscrit au journal : ces valeurs ne changent jamais."""

    EPREUVE_PLANIFIEE = "convocations.epreuve_planifiee", "Épreuve planifiée"
    EPREUVE_DEPLACEE = "convocations.epreuve_deplacee", "Épreuve déplacée"
    EVALUATEURS_AFFECTES = "convocations.evaluateurs_affectes", "Évaluateurs affectés"
    EPREUVE_PASSEE = "convocations.epreuve_passee", "Épreuve passée à un autre état"
    EPREUVE_COMMENCEE = "convocations.epreuve_commencee", "Épreuve suspendue, commencée avant l'incident"
    EPREUVE_ANNULEE = "convocations.epreuve_annulee", "Épreuve annulée"
    EPREUVE_CLOSE = "convocations.epreuve_close", "Épreuve close avec son dossier"
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
    PLAN_DEMANDE = "convocations.plan_demande", "Plan d'épreuves demandé"
    PLAN_PROPOSE = "convocations.plan_propose", "Plan d'épreuves proposé"
    PLAN_RETOUCHE = "convocations.plan_retouche", "Plan d'épreuves retouché"
    PLAN_ARRETE = "convocations.plan_arrete", "Recherche d'un meilleur plan arrêtée"
    ADOPTION_DEMANDEE = "convocations.adoption_demandee", "Adoption d'un plan demandée"
    PLAN_ADOPTE = "convocations.plan_adopte", "Plan d'épreuves adopté"
    AGENDA_REVU = "convocations.agenda_revu", "Disponibilités revues"
    CONVOQUES = "convocations.convoques", "Convocations envoyées"
    CONVOCATION_SUIVIE = "convocations.convocation_suivie", "Convocation redite, ou retirée, après un changement"
    CONVOCATION_RENVOYEE = "convocations.convocation_renvoyee", "Convocation renvoyée"
    CONVOCATION_REPONDUE = "convocations.convocation_repondue", "Réponse à une convocation"
    CALENDRIER_OUVERT = "convocations.calendrier_ouvert", "Calendrier privé ouvert, ou renouvelé"
    CALENDRIER_FERME = "convocations.calendrier_ferme", "Calendrier privé fermé"
    IDENTITE_CONTROLEE = "convocations.identite_controlee", "Identité du candidat contrôlée"
    PRESENCE_SIGNEE = "convocations.presence_signee", "Présence signée, ou constatée"


COURRIEL = declarer(
    Genre("convocations.convocation", "Votre convocation à une épreuve, et ce qui y change", obligatoire=True)
)
