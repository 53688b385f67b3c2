"""Les valeurs enregistrées de l'évaluation : jamais renommées à la légère."""

from __future__ import annotations

from django.db import models

from parchemin.registre import actions


class EtatReponse(models.TextChoices):
    """La réponse du serveur à un fait (`docs/echange-des-faits.md`)."""

    ACCEPTEE = "acceptee", "acceptée"
    DEJA_RECUE = "deja_recue", "déjà reçue"
    REFUSEE = "refusee", "refusée"
    MISE_A_PART = "mise_a_part", "reçue, mise à part pour le gestionnaire"


class CodeRefusFait(models.TextChoices):
    """Pourquoi un fait est refusé. Le code est stable ; la raison se lit."""

    FORME = "forme", "Ce geste est mal formé"
    CIBLE_INCONNUE = "cible_inconnue", "Ce geste vise un critère ou une phase qui n'est pas de cette épreuve"
    VALEUR_INCONNUE = "valeur_inconnue", "Cette valeur n'existe pas pour ce critère ou cette phase"
    MOTIF_HORS_PANEL = (
        "motif_hors_panel",
        "Ce motif n'est pas du panel présélectionné : choisissez-en un, ou notez ce courrier hors du panel",
    )
    AUTRE_NORME = "autre_norme", "Cette grille a été ouverte sur une autre version du référentiel"
    LECTURE_SCELLEE = "lecture_scellee", "Votre lecture est scellée : plus rien ne peut la changer"
    ID_REUTILISE = "id_reutilise", "Un autre geste porte déjà cet identifiant"
    EPREUVE_FERMEE = "epreuve_fermee", "Cette épreuve ne reçoit plus, ou pas encore, de gestes"
    RANG_PRIS = "rang_pris", "Cet appareil a déjà envoyé un autre geste sous ce rang"


PLUS_AFFECTE = "plus_affecte"
"""Le motif d'une mise à part : la personne n'est plus affectée à l'épreuve ; les autres motifs sont ceux du moteur."""


EPREUVE_CLOSE = "epreuve_close"
"""Un autre motif : l'épreuve s'est annulée ou close, ou son dossier, pendant que l'appareil était sans réseau."""


class GenrePiece(models.TextChoices):
    """Ce que l'on reçoit d'une feuille numérisée (`socle.fichiers`)."""

    PDF = "application/pdf", "PDF"
    PNG = "image/png", "image PNG"
    JPEG = "image/jpeg", "photo JPEG"


class Sort(models.TextChoices):
    """Ce que le gestionnaire fait de gestes mis à part."""

    REPRIS = "repris", "Repris dans la lecture"
    ECARTES = "ecartes", "Écartés"


class Position(models.TextChoices):
    """Ce qu'un évaluateur propose : d'un critère qui diffère, son état ; d'une condition, la lecture qui fait foi."""

    VALIDE = "valide", "Validé"
    NON_VALIDE = "non_valide", "Non validé"
    METIER = "metier", "La lecture du représentant métier fait foi"
    CERTIFICATEUR = "certificateur", "La lecture du certificateur fait foi"
    DESACCORD = "desaccord", "Désaccord, laissé au jury"


POUR_UN_CRITERE = (Position.VALIDE, Position.NON_VALIDE, Position.DESACCORD)
POUR_UNE_CONDITION = (Position.METIER, Position.CERTIFICATEUR, Position.DESACCORD)


class SensAvis(models.TextChoices):
    """Ce que dit l'avis d'un second regard (`moteur.regles.second_regard.Sens`)."""

    MAINTENIR = "maintenir", "Maintenir le résultat"
    RECONSIDERER = "reconsiderer", "Reconsidérer un ou plusieurs critères"


class NatureResultat(models.TextChoices):
    """Comment le résultat s'est établi."""

    CONCORDANT = "concordant", "les deux lectures concordent"
    ACCORDE = "accorde", "les évaluateurs se sont accordés"
    DESACCORD = "desaccord", "un désaccord reste, laissé au jury"
    COMMUNE = "commune", "une lecture commune, contresignée"


class Main(models.TextChoices):
    """La main qui tient le stylet : les choix viennent de son côté."""

    DROITE = "droite", "À droite"
    GAUCHE = "gauche", "À gauche"


@actions.declarees
class Action(models.TextChoices):
    """Ce que la capacité inscrit au journal : ces valeurs ne changent jamais."""

    FAITS_RECUS = "evaluation.faits_recus", "Gestes reçus"
    LECTURE_SCELLEE = "evaluation.lecture_scellee", "Lecture scellée"
    LECTURE_CONTRESIGNEE = "evaluation.lecture_contresignee", "Lecture commune contresignée"
    POSITION = "evaluation.position", "Position sur ce qui diffère"
    CONFIRMATION = "evaluation.confirmation", "Résultat commun confirmé"
    RESULTAT_ETABLI = "evaluation.resultat_etabli", "Résultat établi"
    GESTES_MIS_A_PART = "evaluation.gestes_mis_a_part", "Gestes reçus après un retrait, mis à part"
    QUARANTAINE_REGLEE = "evaluation.quarantaine_reglee", "Sort des gestes mis à part"
    RELANCE = "evaluation.relance", "Évaluateurs en retard relancés"
    CARENCE_DENOUEE = "evaluation.carence_denouee", "Carence d'un évaluateur dénouée"
    SECOND_REGARD_DEMANDE = "evaluation.second_regard_demande", "Second regard demandé"
    SECOND_REGARD_DESIGNE = "evaluation.second_regard_designe", "Personne du second regard désignée"
    SECOND_REGARD_RETIRE = "evaluation.second_regard_retire", "Second regard rendu à désigner"
    SECOND_REGARD_SANS_AVIS = "evaluation.second_regard_sans_avis", "Second regard clos sans avis"
    AVIS_RENDU = "evaluation.avis_rendu", "Avis de second regard scellé"
    PREFERENCES = "evaluation.preferences", "Façon de noter réglée"
    GESTES_ABANDONNES = "evaluation.gestes_abandonnes", "Gestes refusés, abandonnés par leur auteur"
    RESSAISIE_OUVERTE = "evaluation.ressaisie_ouverte", "Ressaisie d'une grille papier ouverte"
    RESSAISIE_ABANDONNEE = "evaluation.ressaisie_abandonnee", "Ressaisie d'une grille papier abandonnée"
    PAPIER_SAISI = "evaluation.papier_saisi", "Grille papier saisie"
    PAPIER_REGLE = "evaluation.papier_regle", "Différences entre deux saisies réglées"
    PAPIER_VERSE = "evaluation.papier_verse", "Grille papier versée dans la lecture"
    PAPIER_JOINT = "evaluation.papier_joint", "Feuille numérisée jointe"
