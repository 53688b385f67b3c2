"""Les choix de la capacité : verdicts d'une attestation, actions du journal."""

from __future__ import annotations

from django.db import models

from parchemin.courriels import genres
from parchemin.courriels.genres import Genre
from parchemin.registre import actions


class Verdict(models.TextChoices):
    """Ce qu'atteste une ligne : la compétence est maîtrisée « en situation réelle de travail », ou pas encore."""

    MAITRISEE = "maitrisee", "Maîtrisée en situation réelle"
    PAS_ENCORE = "pas_encore", "Pas encore"


class Fermeture(models.TextChoices):
    """Pourquoi un lien d'attestation n'ouvre plus rien."""

    FINI = "fini", "Tout ce qu'il demandait est attesté"
    REMPLACE = "remplace", "Un lien plus récent le remplace"
    BLOQUE = "bloque", "Trop de codes demandés ou manqués"


@actions.declarees
class Action(models.TextChoices):
    """Ce que la capacité inscrit au journal : ces valeurs ne changent jamais."""

    CARNET_OUVERT = "carnet.ouvert", "Carnet remis"
    RECEPTION = "carnet.reception", "Remise du carnet confirmée par le candidat"
    ATTESTATION = "carnet.attestation", "Compétences attestées"
    RETRAIT = "carnet.retrait", "Attestation retirée"
    LIEN_EMIS = "carnet.lien_emis", "Lien d'attestation envoyé"
    CODE_EMIS = "carnet.code_emis", "Code d'attestation envoyé"
    LIEN_OUVERT = "carnet.lien_ouvert", "Lien d'attestation ouvert par son code"
    LIEN_REFUSE = "carnet.lien_refuse", "Lien ou code d'attestation refusé"
    REPUDIATION = "carnet.repudiation", "Attestations répudiées"
    LEVEE = "carnet.levee", "Gel du carnet levé"
    DISPENSE = "carnet.dispense", "Carnet d'un bloc dispensé"
    BROUILLON_GARDE = "carnet.brouillon_garde", "Brouillon d'une entrée gardé"
    BROUILLON_EFFACE = "carnet.brouillon_efface", "Brouillon d'une entrée effacé"
    ENTREE_PUBLIEE = "carnet.entree_publiee", "Entrée du candidat publiée"
    DISPENSE_RETIREE = "carnet.dispense_retiree", "Dispense de carnet retirée"


COURRIEL_DE_LIEN = genres.declarer(Genre("carnet.lien", "Des compétences à attester, par un lien", obligatoire=True))
COURRIEL_DE_CODE = genres.declarer(Genre("carnet.code", "Le code qui ouvre une attestation", obligatoire=True))
COURRIEL_D_AVIS = genres.declarer(Genre("carnet.avis", "Ce qui vient d'être attesté en votre nom", obligatoire=True))
