"""Dire une entrée du journal en une phrase, et ses données en mots.

Un modèle de phrase par acte : `{mot}` est remplacé par la donnée de ce nom, dite en mots ; un passage entre crochets tombe
si l'une de ses données manque. Un acte sans modèle se dit par son libellé : rien n'est jamais muet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import TextChoices

from moteur.etats import CONVOCATION, DOSSIER, EPREUVE, HABILITATION, Table
from moteur.vocabulaire import Refus as RefusMoteur
from parchemin.carnet.enums import Verdict
from parchemin.comptes.enums import Branche, GenreDeLien, Mission, NatureRole, TitreHabilitation
from parchemin.convocations.enums import Convoque, MoyenIdentite, MoyenPresence, SuiteIncident
from parchemin.convocations.enums import Qualite as QualiteEvaluateur
from parchemin.evaluation.enums import NatureResultat
from parchemin.parcours.enums import GenreEtape, Initiative, Qualite, Voie
from parchemin.registre import actions
from parchemin.registre.enums import FormatExport, PageConsultee
from parchemin.socle.horloge import PARIS
from parchemin.socle.typographie import date_en_clair, de, heure, pluriel

PHRASES: Mapping[str, str] = {
    "comptes.organisme_cree": "{auteur} a ajouté l’organisme « {nom} »",
    "comptes.organisme_modifie": "{auteur} a modifié la fiche de {objet} : {champs}",
    "comptes.organisme_ferme": "{auteur} a fermé {objet}, à partir du {ferme_le}",
    "comptes.organisme_rouvert": "{auteur} a rouvert {objet}",
    "comptes.habilitation_donnee": "{auteur} a inscrit au registre l’habilitation de {organisme} pour {certification}",
    "comptes.habilitation_changee": "{auteur} a changé {objet}, à partir du {effet} : {etat}",
    "comptes.habilitation_declaree": "{auteur} a noté la déclaration à France compétences de {objet}, le {declaree_le}",
    "comptes.organismes_lus": "{auteur} a fait lire un fichier de {lignes} organismes",
    "comptes.organismes_importes": "{auteur} a importé un fichier d’organismes : {crees} ajoutés, {modifies} modifiés",
    "comptes.import_abandonne": "{auteur} a abandonné un import d’organismes",
    "comptes.liens_lus": "{auteur} a fait lire un fichier de {lignes} liens entre personnes",
    "comptes.liens_importes": "{auteur} a importé un fichier de liens entre personnes : {crees} inscrits",
    "comptes.import_liens_abandonne": "{auteur} a abandonné un import de liens",
    "comptes.personne_creee": "{auteur} a enregistré {objet}",
    "comptes.compte_ouvert": "{auteur} a ouvert le compte de {personne}",
    "comptes.compte_desactive": "{auteur} a désactivé le compte de {personne}",
    "comptes.role_donne": "{auteur} a donné à {personne} le rôle « {nature} »[ pour {organisme}][, à partir du {du}]",
    "comptes.role_retire": "{auteur} a retiré à {personne} le rôle « {nature} »[ pour {organisme}][, le {au}]",
    "comptes.delegation_donnee": "{auteur} a confié à {delegue} son rôle « {nature} », du {du} au {au}",
    "comptes.delegation_revoquee": "{auteur} a mis fin à la délégation de {delegue}",
    "comptes.nom_change": "{auteur} a changé le nom de {objet}",
    "comptes.courriel_change": "{auteur} a changé le courriel professionnel de {objet}",
    "comptes.depart": "{auteur} a noté le départ de {objet}, à partir du {le}",
    "comptes.retour": "{auteur} a noté le retour de {objet}, à partir du {le}",
    "comptes.fiches_reunies": "{auteur} a réuni deux fiches : {objet}",
    "comptes.registre_inscrit": "{auteur} a habilité {personne}, jusqu’au {renouveler_le}",
    "comptes.registre_radie": "{auteur} a radié {personne} du registre",
    "comptes.invitation_emise": "{auteur} a invité {personne} à ouvrir son compte",
    "comptes.invitation_acceptee": "{auteur} a accepté l’invitation et ouvert {compte}",
    "comptes.second_facteur_ajoute": "{auteur} a ajouté un second facteur à {objet} : {genre}",
    "comptes.second_facteur_retire": "{auteur} a retiré un second facteur de {objet} : {genre}",
    "comptes.second_facteur_oublie": "{auteur} a ôté le second facteur perdu de {personne}",
    "comptes.codes_renouveles": "{auteur} a renouvelé les codes de secours de {objet}",
    "comptes.mot_de_passe_change": "{auteur} a changé le mot de passe de {objet}",
    "comptes.sessions_fermees": "{auteur} a fermé {nombre} session(s) de {objet}",
    "comptes.connexion_bloquee": "Trop d’essais de connexion ont bloqué pour un temps {objet}",
    "comptes.connexion_a_changer": "{auteur} a demandé une autre adresse de connexion pour {objet}",
    "comptes.connexion_changee": "{auteur} a changé l’adresse de connexion de {objet}",
    "comptes.connexion_gardee": "{auteur} a gardé l’adresse de connexion de {objet}",
    "comptes.identite_deliee": "{auteur} a ôté un fournisseur d’identité de {objet}",
    "comptes.identite_permise": "{auteur} a admis de nouveau un fournisseur d’identité pour {objet}",
    "comptes.identite_liee": "{auteur} a lié un fournisseur d’identité à {objet}",
    "comptes.invitation_rejetee": "Un lien qui ne vaut plus rien a été présenté à nouveau : {objet}",
    "comptes.invitation_annulee": "{auteur} a annulé {objet}",
    "courriels.depose": "Un courriel[ pour {destinataire}] a été déposé dans la boîte d’envoi ({genre})",
    "courriels.envoye": "Un courriel a été remis au serveur d’envoi ({genre})",
    "courriels.essai_manque": "Un courriel n’est pas parti à l’essai n° {essai} ({genre}) ; un autre suivra",
    "courriels.echec": "Un courriel n’a pas pu partir ({genre})",
    "courriels.annule": "Un courriel[ pour {destinataire}] a été annulé avant de partir ({genre})",
    "courriels.nouvelle_gardee": "Une nouvelle pour {destinataire} attend le courriel du jour ({genre})",
    "courriels.preferences": "{auteur} a réglé ses préférences de courriel",
    "courriels.tournee": "Les courriels du jour ont été composés : {parties}",
    "courriels.effaces": "{auteur} a vidé d’anciens courriels",
    "evaluation.gestes_abandonnes": "{auteur} a renoncé à {abandons} refusés pendant {objet}",
    "evaluation.gestes_mis_a_part": "{faits} de {auteur}, reçus après un retrait ou une clôture, ont été mis à part pour {objet}",
    "evaluation.quarantaine_reglee": "{auteur} a décidé du sort des gestes mis à part pour {objet}[ : {sort}]",
    "referentiels.version_publiee": "{auteur} a publié la version {nom} du référentiel",
    "referentiels.reglement_revise": "{auteur} a révisé le règlement de {version}, en vigueur le {depuis}",
    "referentiels.fiche_completee": "{auteur} a complété la fiche de {version}",
    "referentiels.annexes_revisees": "{auteur} a révisé les annexes de {version}",
    "parcours.dossier_inscrit": "{auteur} a inscrit {candidat} sur {referentiel}, {blocs}",
    "parcours.candidats_lus": "{auteur} a fait lire un fichier de {lignes} candidats",
    "parcours.candidats_importes": "{auteur} a importé {inscrits} candidats d’un fichier",
    "parcours.import_abandonne": "{auteur} a abandonné un import de candidats",
    "parcours.import_defait": "{auteur} a défait un import de candidats[ : {dossiers}]",
    "comptes.accueil_en_nombre": "{auteur} a enregistré {personnes} personnes et {roles} rôles, {objet}",
    "comptes.refermes_en_nombre": "{auteur} a refermé {roles} pour {objet}, un import étant défait",
    "parcours.etat_civil": "{auteur} a enregistré l’état civil du candidat, {objet}",
    "parcours.nir_enregistre": "{auteur} a enregistré, chiffré, le NIR du candidat, dans {objet}",
    "parcours.nir_lu": "{auteur} a lu le NIR du candidat, pour le déclarer, dans {objet}",
    "parcours.nir_efface": "{auteur} a effacé pour de bon le NIR du candidat, dans {objet}",
    "parcours.nir_rechiffres": "Les NIR gardés ont été chiffrés de la clé courante : {rechiffres}",
    "parcours.lieux_charges": "{auteur} a chargé {objet} : {lignes} lignes",
    "parcours.designation": "{auteur} a désigné pour {objet} {tuteur} comme tuteur et {manager} comme manager",
    "parcours.inscription_corrigee": "{auteur} a corrigé le référent RH ou l’accès à la VAE de {objet}",
    "parcours.amenagement": "{auteur} a changé des durées accordées au candidat, dans {objet}",
    "parcours.etat_passe": "{auteur} a fait passer {objet} de « {de} » à « {vers} »",
    "parcours.mutation_proposee": "{auteur} a proposé {objet} à {vers}",
    "parcours.mutation_accueillie": "{auteur} a accueilli {objet}, venu de {de}, dans {vers}",
    "parcours.mutation_refusee": "{auteur} n’a pas accueilli {objet} dans {vers}",
    "parcours.mutation_retiree": "{auteur} a retiré la mutation proposée pour {objet}",
    "parcours.version_changee": "{auteur} a poursuivi {objet} sous {vers}",
    "parcours.etape_vae": "{auteur} a inscrit une étape de VAE dans {objet} : {etape}, le {le}",
    "parcours.caducite": "{auteur} a constaté la caducité de la VAE dans {objet}",
    "parcours.bloc_reconnu": "{auteur} a reconnu le bloc {bloc} par équivalence, sur pièce, dans {objet}",
    "parcours.bloc_dispense": "{auteur} a dispensé du bloc {bloc}, sur pièce, dans {objet}",
    "parcours.bloc_retire": "{auteur} a retiré un bloc dit acquis[ : {bloc}], pour {objet}",
    "parcours.reprise_lue": "{auteur} a fait lire un fichier de {lignes} titulaires",
    "parcours.reprise_faite": "{auteur} a repris {repris} parchemins ou attestations des années papier",
    "parcours.reprise_abandonnee": "{auteur} a abandonné une reprise de titulaires",
    "parcours.dossier_abandonne": "{auteur} a clos {objet} sans résultat",
    "carnet.ouvert": "{auteur} a remis le carnet pour {dossier}[, {lignes} compétences à attester]",
    "carnet.reception": "{auteur} a confirmé avoir reçu le carnet",
    "carnet.attestation": "{auteur} a attesté comme {qualite} pour {dossier} : {verdicts}",
    "carnet.retrait": "{auteur} a retiré son attestation de {competence}, comme {qualite}, pour {dossier}",
    "carnet.lien_emis": "{auteur} a fait envoyer à {personne} un lien pour attester comme {qualite}, pour {dossier}",
    "carnet.code_emis": "Un code d’attestation est parti à la personne désignée par {objet}, le {rang}e",
    "carnet.lien_ouvert": "{auteur} a ouvert {objet} par son code",
    "carnet.lien_refuse": "Un lien ou un code d’attestation a été refusé : {objet}",
    "carnet.repudiation": "{auteur} a répudié ce qui était attesté en son nom, comme {qualite}, pour {dossier} : {competences}",
    "carnet.levee": "{auteur} a levé le gel du carnet, pour {dossier}",
    "carnet.dispense": "{auteur} a dispensé du carnet, pour {dossier}[ : {blocs}]",
    "carnet.dispense_retiree": "{auteur} a retiré la dispense du bloc {bloc}, pour {dossier}",
    "carnet.brouillon_garde": "{auteur} a gardé un brouillon dans {objet}",
    "carnet.brouillon_efface": "{auteur} a effacé un brouillon dans {objet}",
    "carnet.entree_publiee": "{auteur} a publié une entrée dans {objet}[, pour {competences}]",
    "convocations.epreuve_planifiee": "{auteur} a planifié l’épreuve du bloc {bloc} pour {dossier}, le {prevue_le}",
    "convocations.epreuve_deplacee": "{auteur} a déplacé {objet} au {prevue_le}",
    "convocations.site_cree": "{auteur} a ajouté le site {nom}",
    "convocations.site_modifie": "{auteur} a modifié le site {nom}",
    "convocations.site_ferme": "{auteur} a changé le jour où ferme le site {nom}[ : {ferme_le}]",
    "convocations.salle_creee": "{auteur} a ajouté la salle {nom}",
    "convocations.salle_modifiee": "{auteur} a modifié la salle {nom}",
    "convocations.trajet_dit": "{auteur} a dit le trajet entre {nom} et {vers_nom}",
    "convocations.agenda_revu": "{auteur} a revu les disponibilités de {objet}",
    "convocations.plan_demande": "{auteur} a demandé un plan d’épreuves, du {du} au {au}",
    "convocations.plan_propose": "Un plan d’épreuves est proposé : {placees} placées, {laissees} sans place",
    "convocations.plan_retouche": "{auteur} a retouché un plan d’épreuves : le bloc {bloc} pour {dossier}[, le {prevue_le}]",
    "convocations.plan_arrete": "{auteur} a arrêté la recherche d’un meilleur plan d’épreuves",
    "convocations.adoption_demandee": "{auteur} a demandé l’adoption d’un plan d’épreuves",
    "convocations.plan_adopte": "{auteur} a adopté un plan d’épreuves : {inscrites} inscrites, {refusees} refusées",
    "convocations.evaluateurs_affectes": "{auteur} a désigné {metier} et {certificateur} pour évaluer {objet}",
    "convocations.epreuve_passee": "{auteur} a fait passer {objet} de « {de} » à « {vers} »",
    "convocations.epreuve_commencee": "{auteur} a remis les premiers gestes de {objet}, déjà suspendue",
    "convocations.epreuve_annulee": "{auteur} a annulé {objet}",
    "convocations.epreuve_close": "Le dossier s’est clos : {objet} est passée de « {de} » à « {vers} »",
    "convocations.convoques": "{auteur} a réglé les convocations à {objet}[, envoyées à : {places}]",
    "convocations.convocation_renvoyee": "{auteur} a renvoyé une convocation à {objet}, avec un lien neuf",
    "convocations.convocation_repondue": "{auteur} a répondu à sa convocation à {objet} : « {vers} »",
    "convocations.convocation_suivie": "Les convocations à {objet} ont suivi ce qui a changé",
    "convocations.identite_controlee": "{auteur} a contrôlé l’identité du candidat, pour {objet}",
    "convocations.presence_signee": "{auteur} a établi la présence de {personne} à {objet}, {moyen}",
    "convocations.calendrier_ouvert": "{auteur} a ouvert ou renouvelé son calendrier privé",
    "convocations.calendrier_ferme": "{auteur} a fermé son calendrier privé",
    "comptes.lien_declare": "{auteur} a déclaré un lien[ ({genre})] entre {personne} et {liee_a}",
    "comptes.lien_corrige": "{auteur} a corrigé un lien[ ({genre})] entre {personne} et {liee_a}",
    "convocations.declaration_signee": "{auteur} a signé sa déclaration d’indépendance pour {objet}",
    "convocations.evaluateur_retire": "{evaluateur} n’évalue plus {objet}",
    "convocations.recusation_deposee": "{auteur} a récusé {evaluateur} pour {objet}",
    "convocations.recusation_tranchee": "{auteur} a répondu à une récusation pour {objet}",
    "convocations.incident_signale": "{auteur} a signalé un incident : {objet} est suspendue",
    "convocations.incident_consigne": "{auteur} a consigné, pour le jury, un incident de {objet}",
    "convocations.incident_tranche": "{auteur} a décidé de la suite, pour {objet} : {suite}",
    "convocations.independance_revue": "L’indépendance des évaluateurs de {objet} a été revérifiée",
    "evaluation.faits_recus": "{auteur} a noté {faits} pendant {objet}",
    "evaluation.ressaisie_ouverte": "{auteur} a ouvert la ressaisie d’une grille papier, {pages} pages, pour {objet}",
    "evaluation.ressaisie_abandonnee": "{auteur} a abandonné la ressaisie d’une grille papier, pour {objet}",
    "evaluation.papier_saisi": "{auteur} a saisi une grille papier, pour {objet}",
    "evaluation.papier_regle": "{auteur} a réglé ce qui différait entre les deux saisies d’une grille papier, pour {objet}",
    "evaluation.papier_verse": "La grille papier de {evaluateur} est entrée dans sa lecture de {objet}[, {faits}] ; le dernier geste est de {auteur}",
    "evaluation.papier_joint": "{auteur} a joint une feuille numérisée à une grille papier, pour {objet}",
    "evaluation.lecture_scellee": "{auteur} a scellé sa lecture de {objet}, comme {qualite}",
    "evaluation.position": "{auteur} a pris position sur {critere}, pour {objet}",
    "convocations.evaluateur_remplace": "{auteur} a remplacé {precedent} par {personne} pour {objet}",
    "evaluation.relance": "{auteur} a relancé les évaluateurs en retard pour {objet}",
    "evaluation.carence_denouee": "{auteur} a décidé d’une suite pour {objet}, un évaluateur n’allant pas au bout",
    "evaluation.lecture_contresignee": "{auteur} a contresigné la lecture commune de {objet}, comme {qualite}",
    "evaluation.confirmation": "{auteur} a confirmé le résultat commun de {objet}",
    "evaluation.second_regard_demande": "Un second regard est demandé pour {objet}[, à confier d’ici au {echeance}]",
    "evaluation.second_regard_designe": "{auteur} a confié le second regard de {objet} à {personne}[, attendu d’ici au {echeance}]",
    "evaluation.second_regard_retire": "{auteur} ne porte plus le second regard de {objet}",
    "evaluation.second_regard_sans_avis": "{auteur} a clos sans avis le second regard de {objet}",
    "evaluation.avis_rendu": "{auteur} a scellé son avis de second regard sur {objet}",
    "evaluation.preferences": "{auteur} a réglé sa façon de noter",
    "evaluation.resultat_etabli": "Le résultat de {objet} a été établi et scellé ; le dernier geste est de {auteur}",
    "registre.tetes_relevees": "{auteur} a signé les têtes de toutes les chaînes, ligne n° {numero}",
    "registre.valeurs_effacees": "{auteur} a effacé {valeurs} du journal : {motif}",
    "registre.consultation": "{auteur}, qui n’est pas de l’équipe, a regardé {objet} : {page}",
    "registre.journal_exporte": "{auteur} a exporté {entrees} entrées du journal en {forme}",
    "registre.verification_demandee": "{auteur} a demandé une vérification du journal",
    "registre.journal_verifie": "{auteur} a fait vérifier {entrees} entrées et {scelles} lignes scellées :"
    " {endroits_rompus}",
}
"""Acte → modèle de phrase. Une capacité qui déclare un acte ajoute ici sa phrase (un test le demande)."""

TITRES: Mapping[str, str] = {
    "au": "Jusqu’au",
    "critere": "Critère",
    "competence": "Compétence",
    "prevue_le": "Prévue le",
    "placees": "Épreuves placées",
    "laissees": "Épreuves sans place",
    "inscrites": "Épreuves inscrites",
    "refusees": "Épreuves refusées",
    "referentiel": "Référentiel",
    "reglement": "Règlement",
    "reglages": "Réglages changés",
    "resultat": "Résultat",
    "role": "Rôle",
    "metier": "Évaluateur métier",
    "certificateur": "Évaluateur du certificateur",
    "metier_precedent": "Évaluateur métier précédent",
    "certificateur_precedent": "Évaluateur du certificateur précédent",
    "tuteur_precedent": "Tuteur précédent",
    "manager_precedent": "Manager précédent",
    "nature": "Nature",
    "numero": "Numéro",
    "cle": "Clé",
    "qualite": "Qualité",
    "prenom": "Prénom",
    "entrees": "Entrées",
    "scelles": "Lignes scellées",
    "chaines": "Chaînes",
    "endroits_rompus": "Endroits rompus",
    "etat": "État",
    "de": "État quitté",
    "vers": "État atteint",
    "du": "À partir du",
}
"""Le nom d'une donnée, quand sa clé mise en capitale ne se lit pas telle quelle."""


class Facteur(TextChoices):
    """Les seconds facteurs, tels qu'on les lit."""

    TOTP = "totp", "application de codes"
    WEBAUTHN = "webauthn", "clé d’accès"
    RECOVERY_CODES = "recovery_codes", "codes de secours"


_CHOIX: Mapping[str, tuple[type[TextChoices], ...]] = {
    "nature": (NatureRole, NatureResultat),
    "branche": (Branche,),
    "titre": (TitreHabilitation,),
    "missions": (Mission,),
    "qualite": (Qualite, QualiteEvaluateur),
    "voie": (Voie,),
    "initiative": (Initiative,),
    "verdict": (Verdict,),
    "page": (PageConsultee,),
    "forme": (FormatExport,),
    "suite": (SuiteIncident,),
    "etape": (GenreEtape,),
    "genre": (Facteur, GenreDeLien),
    "place": (Convoque,),
    "places": (Convoque,),
    "tardives": (Convoque,),
    "moyen": (MoyenPresence, MoyenIdentite),
}


_EMPREINTE = re.compile(r"[0-9a-f]{64}")
_MOT = re.compile(r"\{(\w+)\}")
_MOT_ET_SON_DE = re.compile(r"(\bde )?\{(\w+)\}")
_OPTION = re.compile(r"\[([^\[\]]*)\]")
_LONGUE = 6


class Mots:
    """Dit les données d'une page d'entrées : les identifiants ont été nommés d'avance, d'un coup."""

    def __init__(self, noms: Mapping[UUID, str]) -> None:
        self._noms = noms

    def phrase(self, *, action: str, auteur: str, objet: tuple[str, str], donnees: Mapping[str, Any]) -> str:
        """La phrase d'une entrée, avec son point."""
        modele = PHRASES.get(action)
        if modele is None:
            modele = "{auteur} — " + actions.libelle(action).replace("{", "").replace("}", "") + "[ : {objet}]"

        def dire(nom: str) -> str:
            if nom == "auteur":
                absent = self._nom(donnees.get("par_delegation_de"))
                return f"{auteur}, par délégation de {absent}," if absent else auteur
            if nom == "objet":
                return self.objet(objet, donnees)
            return self.valeur(nom, donnees.get(nom), objet[0], courte=True)

        def option(passage: re.Match[str]) -> str:
            mots = [dire(nom) for nom in _MOT.findall(passage[1])]
            return passage[1] if all(mots) else ""

        def placer(mot: re.Match[str]) -> str:
            dit = dire(mot[2]) or "—"
            return de(dit) if mot[1] else dit

        texte = _MOT_ET_SON_DE.sub(placer, _OPTION.sub(option, modele))
        return f"{texte[:1].upper()}{texte[1:]}{'' if texte.endswith(('.', '!', '…')) else '.'}"

    def objet(self, objet: tuple[str, str], donnees: Mapping[str, Any]) -> str:
        """Comment dire l'objet d'une entrée."""
        genre, identifiant = objet
        if nom := self._nom(identifiant):
            return nom
        if genre == "carnet" and (dossier := self._nom(donnees.get("dossier"))):
            return f"le carnet, dans {dossier}"
        return _GENRES.get(genre, genre.replace(".", " ").replace("_", " "))

    def valeur(self, nom: str, valeur: Any, genre: str, *, courte: bool = False) -> str:
        """Une donnée en mots ; vide si elle manque."""
        match valeur:
            case None | "":
                return ""
            case bool():
                return "oui" if valeur else "non"
            case int():
                return _COMPTES[nom](valeur) if nom in _COMPTES else str(valeur)
            case list():
                return self._liste(nom, valeur, genre, courte=courte)
            case dict():
                return self._table(nom, valeur, genre, courte=courte)
            case str():
                return self._texte(nom, valeur, genre)
            case _:
                return str(valeur)

    def lignes(self, donnees: Mapping[str, Any], genre: str) -> tuple[tuple[str, str], ...]:
        """Chaque donnée : son nom, sa valeur en mots."""
        return tuple((titre(nom), self.valeur(nom, valeur, genre) or "—") for nom, valeur in donnees.items())

    def _nom(self, valeur: object) -> str:
        try:
            return self._noms.get(UUID(str(valeur)), "")
        except ValueError:
            return ""

    def _texte(self, nom: str, valeur: str, genre: str) -> str:
        if connu := self._nom(valeur):
            return connu
        if nom in ("etat", "de", "vers"):
            return _etat(genre, valeur)
        for choix in _CHOIX.get(nom, ()):
            if valeur in choix.values:
                libelle = str(choix(valeur).label)
                return libelle.lower() if nom == "qualite" else libelle
        if _EMPREINTE.fullmatch(valeur):
            return f"empreinte {valeur[:12]}…"
        if nom == "bloc" and re.fullmatch(r"B\d+", valeur):
            return valeur[1:]
        return _date(valeur) or _opaque(valeur)

    def _liste(self, nom: str, valeurs: list[Any], genre: str, *, courte: bool) -> str:
        if nom == "blocs":
            numeros = [str(v)[1:] for v in valeurs]
            return f"bloc{'s' if len(numeros) > 1 else ''} {', '.join(numeros)}"
        if nom in _ELEMENTS and courte:
            return pluriel(len(valeurs), *_ELEMENTS[nom])
        if not valeurs:
            return "" if courte else "aucun"
        dites = [self.valeur(nom, valeur, genre) for valeur in valeurs[:_LONGUE]]
        reste = len(valeurs) - len(dites)
        return ", ".join(dites) + (f" et {reste} de plus" if reste else "")

    def _table(self, nom: str, valeurs: dict[str, Any], genre: str, *, courte: bool) -> str:
        if nom == "verdicts":
            dits = [f"{code} « {self.valeur('verdict', verdict, genre)} »" for code, verdict in valeurs.items()]
            montres = dits[:3] if courte else dits
            return ", ".join(montres) + (f" et {len(dits) - 3} de plus" if len(dits) > len(montres) else "")
        dits = [f"{titre(cle).lower()} : {self.valeur(cle, valeur, genre) or '—'}" for cle, valeur in valeurs.items()]
        return " ; ".join(dits) or "rien"


def titre(nom: str) -> str:
    """Le nom d'une donnée, tel qu'on le lit."""
    if nom in TITRES:
        return TITRES[nom]
    texte = nom.replace("_", " ")
    return f"{texte[:1].upper()}{texte[1:]}"


_TABLES: Mapping[str, tuple[Table, ...]] = {
    "dossier": (DOSSIER,),
    "organisme": (DOSSIER,),
    "habilitation": (HABILITATION,),
}
_GENRES: Mapping[str, str] = {
    "dossier": "un dossier",
    "epreuve": "une épreuve",
    "carnet": "un carnet",
    "personne": "une personne",
    "organisme": "un organisme",
    "habilitation": "une habilitation",
    "import_organismes": "un import d’organismes",
    "import_liens": "un import de liens",
    "import_candidats": "un import de candidats",
    "import_reprise": "une reprise de titulaires",
    "calendrier": "un calendrier privé",
    "cle_nir": "une clé de chiffrement",
    "role": "un rôle",
    "compte": "un compte",
    "invitation": "une invitation",
    "registre.ligne": "une ligne signée",
    "registre.chaine": "une chaîne du journal",
    "registre.verification": "une vérification du journal",
    "registre.export": "un export du journal",
    "referentiels.version": "une version du référentiel",
}
_COMPTES: Mapping[str, Callable[[int], str]] = {
    "endroits_rompus": lambda n: "rien à redire" if n == 0 else pluriel(n, "endroit rompu"),
}
_ELEMENTS: Mapping[str, tuple[str, str]] = {
    "faits": ("geste", "gestes"),
    "abandons": ("geste", "gestes"),
    "valeurs": ("valeur personnelle", "valeurs personnelles"),
    "roles": ("rôle", "rôles"),
    "dossiers": ("dossier clos", "dossiers clos"),
}


def _etat(genre: str, code: str) -> str:
    """L'intitulé d'un état. Une entrée sur une épreuve dit l'état de l'épreuve, ou celui d'une de ses convocations."""
    for table in _TABLES.get(genre, (EPREUVE, CONVOCATION)):
        try:
            return table.etat(code).intitule
        except RefusMoteur:
            continue
    return code


def _date(valeur: str) -> str:
    try:
        if len(valeur) == 10:
            return date_en_clair(date.fromisoformat(valeur))
        if len(valeur) > 18 and valeur[4:5] == "-" and "T" in valeur:
            instant = datetime.fromisoformat(valeur).astimezone(PARIS)
            return f"{date_en_clair(instant.date())} à {heure(instant)}"
    except ValueError:
        pass
    return ""


def _opaque(valeur: str) -> str:
    """Un identifiant que plus rien ne nomme s'abrège ; tout autre texte se dit tel quel."""
    try:
        UUID(valeur)
    except ValueError:
        return valeur
    return f"identifiant {valeur[:8]}…"
