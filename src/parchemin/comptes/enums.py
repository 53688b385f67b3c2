"""Les choix de la capacité : branches, natures de rôle, actions du journal. Les valeurs vivent dans la base."""

from __future__ import annotations

from django.db import models

from moteur.regles import habilitation
from parchemin.courriels import genres
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

SECOND_FACTEUR_EXIGE = frozenset(NatureRole) - {NatureRole.CANDIDAT, NatureRole.TUTEUR, NatureRole.MANAGER}
"""Les rôles qui évaluent, décident, administrent ou voient les dossiers d'autrui : un mot de passe seul ne leur suffit pas.

Le candidat ne voit que lui ; le tuteur et le manager n'attestent que les candidats qui leur sont nommés, et peuvent le faire
sans compte. Le réglage `PARCHEMIN_SECOND_FACTEUR_AUSSI` étend l'exigence (voir docs/adr/0007).
"""

DELEGABLES = (NatureRole.GESTIONNAIRE, NatureRole.RH)
"""Les rôles qui se confient pendant une absence. Évaluer, attester, juger tiennent à la personne (*intuitu personae*) ; les rôles
d'administration se donnent par un administrateur, avec une fin prévue."""

ROLES_DE_RH = (NatureRole.CANDIDAT, NatureRole.TUTEUR, NatureRole.MANAGER)
"""Les rôles que les ressources humaines d'un organisme donnent et retirent chez elles : inscrire, nommer."""


class Mission(models.TextChoices):
    """Ce que permet une habilitation."""

    EVALUER = habilitation.Mission.EVALUER.value, "Évaluer"
    PREPARER = habilitation.Mission.PREPARER.value, "Préparer"


class TitreHabilitation(models.TextChoices):
    """À quel titre un organisme évalue : de droit, ou par une convention qu'il faut déclarer."""

    CERTIFICATEUR = "certificateur", "Certificateur, de droit"
    DELEGATAIRE = "delegataire", "Délégataire, par convention"


class EtatHabilitation(models.TextChoices):
    """Les états de `moteur.etats.HABILITATION`."""

    A_VENIR = habilitation.EtatHabilitation.A_VENIR.value, "À venir"
    EN_VIGUEUR = habilitation.EtatHabilitation.EN_VIGUEUR.value, "En vigueur"
    SUSPENDUE = habilitation.EtatHabilitation.SUSPENDUE.value, "Suspendue"
    RESILIEE = habilitation.EtatHabilitation.RESILIEE.value, "Résiliée"
    ECHUE = habilitation.EtatHabilitation.ECHUE.value, "Échue"


class GenreDeLien(models.TextChoices):
    """Ce qui lie deux personnes. D'un lien personnel, on ne demande et ne garde que le genre."""

    HIERARCHIQUE = "hierarchique", "Lien hiérarchique"
    FORMATION = "formation", "Formation"
    ACCOMPAGNEMENT = "accompagnement", "Accompagnement"
    PROFESSIONNEL = "professionnel", "Relation professionnelle"
    PERSONNEL = "personnel", "Lien personnel"
    DELIBERATION_ANNULEE = "deliberation_annulee", "Délibération annulée"


GENRES_SAISIS = tuple(genre for genre in GenreDeLien if genre != GenreDeLien.DELIBERATION_ANNULEE)
"""Ce qui se saisit et s'importe. Une délibération annulée se lie par le jury, dossier en main."""

GENRES_SANS_SENS = frozenset({GenreDeLien.PROFESSIONNEL, GenreDeLien.PERSONNEL})
"""Les liens qui se lisent pareil des deux côtés."""


class OrigineDeLien(models.TextChoices):
    """D'où vient un lien écrit ; ceux qu'on déduit des actes ne s'écrivent pas."""

    SAISIE = "saisie", "saisi"
    IMPORT = "import", "importé"
    DECLARATION = "declaration", "déclaré par l'intéressé"


class QualiteRegistre(models.TextChoices):
    """En quelle qualité une personne est habilitée ; les valeurs sont celles des rôles."""

    EVALUATEUR_METIER = NatureRole.EVALUATEUR_METIER.value, NatureRole.EVALUATEUR_METIER.label
    EVALUATEUR_CERTIFICATEUR = NatureRole.EVALUATEUR_CERTIFICATEUR.value, NatureRole.EVALUATEUR_CERTIFICATEUR.label
    JURE = NatureRole.JURE.value, NatureRole.JURE.label
    PRESIDENT_JURY = NatureRole.PRESIDENT_JURY.value, NatureRole.PRESIDENT_JURY.label


class EtatRegistre(models.TextChoices):
    """Ce que vaut une ligne du registre un jour donné ; calculé, jamais gardé."""

    A_JOUR = "a_jour", "À jour"
    A_RENOUVELER = "a_renouveler", "À renouveler"
    EXPIREE = "expiree", "Expirée"
    RADIEE = "radiee", "Radiée"
    A_VENIR = "a_venir", "À venir"


@actions.declarees
class Action(models.TextChoices):
    """Ce que la capacité inscrit au journal : ces valeurs ne changent jamais."""

    ORGANISME_CREE = "comptes.organisme_cree", "Organisme créé"
    ORGANISME_MODIFIE = "comptes.organisme_modifie", "Organisme modifié"
    ORGANISME_FERME = "comptes.organisme_ferme", "Organisme fermé"
    ORGANISME_ROUVERT = "comptes.organisme_rouvert", "Organisme rouvert"
    HABILITATION_DONNEE = "comptes.habilitation_donnee", "Habilitation donnée"
    HABILITATION_CHANGEE = "comptes.habilitation_changee", "Habilitation changée"
    HABILITATION_DECLAREE = "comptes.habilitation_declaree", "Changement d'habilitation déclaré"
    ORGANISMES_LUS = "comptes.organismes_lus", "Fichier d'organismes lu"
    ORGANISMES_IMPORTES = "comptes.organismes_importes", "Organismes importés"
    IMPORT_ABANDONNE = "comptes.import_abandonne", "Import d'organismes abandonné"
    ACCUEIL_EN_NOMBRE = "comptes.accueil_en_nombre", "Personnes et rôles enregistrés en nombre"
    PERSONNE_CREEE = "comptes.personne_creee", "Personne créée"
    COMPTE_OUVERT = "comptes.compte_ouvert", "Compte ouvert"
    COMPTE_DESACTIVE = "comptes.compte_desactive", "Compte désactivé"
    ROLE_DONNE = "comptes.role_donne", "Rôle donné"
    ROLE_RETIRE = "comptes.role_retire", "Rôle retiré"
    SECOND_FACTEUR_AJOUTE = "comptes.second_facteur_ajoute", "Second facteur ajouté"
    SECOND_FACTEUR_RETIRE = "comptes.second_facteur_retire", "Second facteur retiré"
    SECOND_FACTEUR_OUBLIE = "comptes.second_facteur_oublie", "Second facteur perdu, ôté par un administrateur"
    CODES_RENOUVELES = "comptes.codes_renouveles", "Codes de secours renouvelés"
    MOT_DE_PASSE_CHANGE = "comptes.mot_de_passe_change", "Mot de passe changé"
    SESSIONS_FERMEES = "comptes.sessions_fermees", "Sessions fermées"
    CONNEXION_BLOQUEE = "comptes.connexion_bloquee", "Essais de connexion bloqués"
    IDENTITE_LIEE = "comptes.identite_liee", "Fournisseur d'identité lié"
    IDENTITE_DELIEE = "comptes.identite_deliee", "Fournisseur d'identité ôté"
    IDENTITE_PERMISE = "comptes.identite_permise", "Fournisseur d'identité admis de nouveau"
    CONNEXION_A_CHANGER = "comptes.connexion_a_changer", "Nouveau courriel de connexion demandé"
    CONNEXION_CHANGEE = "comptes.connexion_changee", "Courriel de connexion changé"
    CONNEXION_GARDEE = "comptes.connexion_gardee", "Changement de courriel de connexion annulé"
    LIEN_DECLARE = "comptes.lien_declare", "Lien entre deux personnes déclaré"
    LIEN_CORRIGE = "comptes.lien_corrige", "Lien entre deux personnes corrigé ou clos"
    LIENS_LUS = "comptes.liens_lus", "Fichier de liens lu"
    LIENS_IMPORTES = "comptes.liens_importes", "Liens entre personnes importés"
    IMPORT_LIENS_ABANDONNE = "comptes.import_liens_abandonne", "Import de liens abandonné"
    INVITATION_EMISE = "comptes.invitation_emise", "Invitation émise"
    INVITATION_ACCEPTEE = "comptes.invitation_acceptee", "Invitation acceptée"
    INVITATION_REJETEE = "comptes.invitation_rejetee", "Invitation présentée à nouveau"
    REFERMES_EN_NOMBRE = "comptes.refermes_en_nombre", "Rôles refermés en nombre"
    INVITATION_ANNULEE = "comptes.invitation_annulee", "Invitation annulée"
    DELEGATION_DONNEE = "comptes.delegation_donnee", "Délégation donnée"
    DELEGATION_REVOQUEE = "comptes.delegation_revoquee", "Délégation révoquée"
    NOM_CHANGE = "comptes.nom_change", "Nom changé"
    COURRIEL_CHANGE = "comptes.courriel_change", "Courriel professionnel changé"
    DEPART = "comptes.depart", "Départ noté"
    RETOUR = "comptes.retour", "Retour noté"
    FICHES_REUNIES = "comptes.fiches_reunies", "Deux fiches réunies"
    REGISTRE_INSCRIT = "comptes.registre_inscrit", "Habilitation inscrite au registre"
    REGISTRE_RADIE = "comptes.registre_radie", "Habilitation radiée du registre"


COURRIEL_D_INVITATION = genres.declarer(
    genres.Genre("comptes.invitation", "Invitation à ouvrir un compte", obligatoire=True)
)

COURRIEL_DE_SECURITE = genres.declarer(genres.Genre("comptes.securite", "Sécurité de votre compte", obligatoire=True))
