"""Les choix de la capacité : voies d'accès, initiative, qualités désignées, actions du journal."""

from __future__ import annotations

from django.db import models

from parchemin.registre import actions

CHAINE = "parcours"
"""La chaîne du journal pour ce qui n'appartient à aucun organisme en particulier."""


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

    @property
    def declaree(self) -> str:
        """La valeur de `modaliteAcces` dans le fichier de la Caisse des dépôts. Une reconversion est une formation continue."""
        return _MODALITES[self]


_MODALITES = {
    Voie.FORMATION_CONTINUE: "FORMATION_CONTINUE_HORS_CONTRAT_DE_PROFESSIONNALISATION",
    Voie.CONTRAT_PROFESSIONNALISATION: "FORMATION_CONTINUE_CONTRAT_DE_PROFESSIONNALISATION",
    Voie.RECONVERSION: "FORMATION_CONTINUE_HORS_CONTRAT_DE_PROFESSIONNALISATION",
    Voie.VAE: "VAE",
    Voie.FORMATION_INITIALE: "FORMATION_INITIALE_HORS_APPRENTISSAGE",
    Voie.APPRENTISSAGE: "FORMATION_INITIALE_APPRENTISSAGE",
    Voie.EQUIVALENCE: "EQUIVALENCE_DIPLOME_ETRANGER",
    Voie.CANDIDAT_LIBRE: "CANDIDAT_LIBRE",
}


class AccesVae(models.TextChoices):
    """Comment la VAE est faite : `voieAccessVAE` dans le fichier de la Caisse des dépôts."""

    CLASSIQUE = "vae_classique", "Hors congé de VAE"
    CONGE = "conges_vae", "Pendant un congé de VAE"

    @property
    def declaree(self) -> str:
        """La valeur du fichier : `VAE_CLASSIQUE` ou `CONGES_VAE`."""
        return self.value.upper()


class Initiative(models.TextChoices):
    """Qui a voulu l'inscription : la déclaration à la Caisse des dépôts le demande."""

    CANDIDAT = "candidat", "Le candidat"
    EMPLOYEUR = "employeur", "L'employeur"
    ORGANISME_FORMATION = "organisme_formation", "L'organisme de formation"
    FRANCE_TRAVAIL = "france_travail", "France Travail"
    AUTRE = "autre", "Une autre personne"

    @property
    def declaree(self) -> str:
        """La valeur de `initiativeInscription` : le fichier garde le nom que France Travail portait avant 2024."""
        return _INITIATIVES[self]


_INITIATIVES = {
    Initiative.CANDIDAT: "CERTIFIE",
    Initiative.EMPLOYEUR: "EMPLOYEUR",
    Initiative.ORGANISME_FORMATION: "OF",
    Initiative.FRANCE_TRAVAIL: "POLE_EMPLOI",
    Initiative.AUTRE: "AUTRE",
}


class EtatMutation(models.TextChoices):
    """Où en est le passage d'un dossier à un autre organisme ; sans retour, hors la première."""

    PROPOSEE = "proposee", "Proposée"
    ACCUEILLIE = "accueillie", "Accueillie"
    REFUSEE = "refusee", "Refusée"
    RETIREE = "retiree", "Retirée"


class Piece(models.TextChoices):
    """Sur quoi l'état civil a été vu. Aucune copie n'est gardée."""

    ACTE = "acte", "Acte de naissance"
    CARTE = "carte", "Carte nationale d'identité"
    PASSEPORT = "passeport", "Passeport"
    SEJOUR = "sejour", "Titre de séjour"
    LIVRET = "livret", "Livret de famille"


class OrigineDeBloc(models.TextChoices):
    """D'où l'on tient un bloc acquis sans épreuve d'ici. La valeur est celle que dit `parchemin verdict`."""

    EQUIVALENCE = "equivalence", "Équivalence"
    REPRISE = "reprise", "Repris du papier"
    DISPENSE = "dispense", "Dispense"


class EtatRepris(models.TextChoices):
    """Ce qui fut repris du papier vaut encore, ou fut retiré."""

    TENU = "tenu", "Ce qui vaut"
    RETIRE = "retire", "Ce qui est retiré"


class PieceDeBloc(models.TextChoices):
    """Ce qui prouve un bloc obtenu ailleurs. Aucune copie n'est gardée."""

    PARCHEMIN = "parchemin", "Parchemin"
    ATTESTATION = "attestation", "Attestation de bloc"
    PROCES_VERBAL = "proces_verbal", "Procès-verbal du jury"
    REGISTRE = "registre", "Registre du certificateur"


class GenreLieu(models.TextChoices):
    """Les deux listes du code officiel géographique de l'Insee."""

    COMMUNE = "commune", "Communes"
    PAYS = "pays", "Pays et territoires étrangers"


class Qualite(models.TextChoices):
    """Les deux personnes qui attestent les compétences : le référentiel les joint par « et »."""

    TUTEUR = "tuteur", "Tuteur"
    MANAGER = "manager", "Manager"

    @property
    def autre(self) -> Qualite:
        """Celle qui atteste de son côté."""
        return Qualite.MANAGER if self == Qualite.TUTEUR else Qualite.TUTEUR


class GenreEtape(models.TextChoices):
    """Ce qui s'inscrit au fil d'une VAE (`moteur.vae.GenreEtape`)."""

    DEMANDE = "demande", "Demande complète reçue"
    RECEVABLE = "recevable", "Demande déclarée recevable"
    SILENCE = "silence", "Recevable : le silence vaut oui"
    IRRECEVABLE = "irrecevable", "Demande déclarée irrecevable"
    SUSPENSION = "suspension", "Délai suspendu, pour un motif légitime"
    REPRISE = "reprise", "Délai repris"
    AVANCEE = "avancee", "Étape du parcours enregistrée"
    VALIDATION = "validation", "Dossier de validation déposé"
    JURY = "jury", "Jury tenu"
    RESULTAT = "resultat", "Résultat notifié au candidat"


@actions.declarees
class Action(models.TextChoices):
    """Ce que la capacité inscrit au journal : ces valeurs ne changent jamais."""

    DOSSIER_INSCRIT = "parcours.dossier_inscrit", "Candidat inscrit"
    DESIGNATION = "parcours.designation", "Tuteur et manager désignés"
    INSCRIPTION_CORRIGEE = "parcours.inscription_corrigee", "Inscription corrigée"
    ETAT_PASSE = "parcours.etat_passe", "Dossier passé à un autre état"
    AMENAGEMENT = "parcours.amenagement", "Durées aménagées du candidat"
    CANDIDATS_LUS = "parcours.candidats_lus", "Fichier de candidats lu"
    CANDIDATS_IMPORTES = "parcours.candidats_importes", "Candidats importés"
    IMPORT_DEFAIT = "parcours.import_defait", "Import de candidats défait"
    IMPORT_ABANDONNE = "parcours.import_abandonne", "Import de candidats abandonné"
    ETAT_CIVIL = "parcours.etat_civil", "État civil enregistré"
    NIR_ENREGISTRE = "parcours.nir_enregistre", "NIR enregistré"
    NIR_LU = "parcours.nir_lu", "NIR lu"
    NIR_EFFACE = "parcours.nir_efface", "NIR effacé"
    NIR_RECHIFFRES = "parcours.nir_rechiffres", "NIR chiffrés d'une autre clé"
    LIEUX_CHARGES = "parcours.lieux_charges", "Liste de lieux de l'Insee chargée"
    ETAPE_VAE = "parcours.etape_vae", "Étape d'une VAE inscrite"
    CADUCITE = "parcours.caducite", "Caducité d'une VAE constatée"
    VERSION_CHANGEE = "parcours.version_changee", "Dossier poursuivi sous une autre version"
    MUTATION_PROPOSEE = "parcours.mutation_proposee", "Mutation d'un dossier proposée"
    MUTATION_ACCUEILLIE = "parcours.mutation_accueillie", "Dossier passé à un autre organisme"
    MUTATION_REFUSEE = "parcours.mutation_refusee", "Mutation d'un dossier refusée"
    MUTATION_RETIREE = "parcours.mutation_retiree", "Mutation d'un dossier retirée"
    BLOC_RECONNU = "parcours.bloc_reconnu", "Bloc reconnu par équivalence"
    BLOC_DISPENSE = "parcours.bloc_dispense", "Dispense d'un bloc"
    BLOC_RETIRE = "parcours.bloc_retire", "Bloc acquis retiré"
    REPRISE_LUE = "parcours.reprise_lue", "Fichier de titulaires lu"
    REPRISE_FAITE = "parcours.reprise_faite", "Titulaires repris du papier"
    REPRISE_ABANDONNEE = "parcours.reprise_abandonnee", "Reprise de titulaires abandonnée"
    DOSSIER_ABANDONNE = "parcours.dossier_abandonne", "Dossier abandonné"
