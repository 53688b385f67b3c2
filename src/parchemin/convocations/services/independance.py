"""L'indépendance des évaluateurs : la vérifier, la déclarer, la contester, la revoir quand un fait nouveau arrive."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from moteur.etats import EPREUVE
from parchemin.comptes.selectors import droits, noms
from parchemin.comptes.services import chaine_organisme
from parchemin.convocations.enums import ATTENDENT, AVANT_L_EPREUVE, Action, GenreDeclare, Qualite
from parchemin.convocations.evenements import EvaluateurRetire, IndependanceAVerifier, RecusationDeposee
from parchemin.convocations.models import (
    Affectation,
    AVerifier,
    Declaration,
    Epreuve,
    PassageRecusation,
    Recusation,
)
from parchemin.convocations.permissions import (
    verifier_admissible,
    verifier_peut_recuser,
    verifier_peut_trancher,
    verifier_tiers,
)
from parchemin.convocations.sceaux import sceau_declaration
from parchemin.convocations.selectors import (
    VueEpreuve,
    avis_sur,
    avis_sur_jure,
    barriere,
    declaration_signee,
    epreuve_par_id,
    jures_examines,
    recusation_en_attente,
    tiers_examine,
)
from parchemin.convocations.services.epreuves import REMPLACANTS_PROPOSES
from parchemin.convocations.services.occupations import liberer
from parchemin.convocations.services.passages import passer_ligne, passer_recusation, sans_objet, verrouiller
from parchemin.parcours.selectors import VueDossier
from parchemin.registre.services import Journal, acte
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.annonces import annoncer
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus, RefusDroit

JUGER = "juger ce dossier"


def verifier_independance(lecteur: Acteur, epreuve: VueEpreuve, maintenant: datetime) -> Qualite:
    """La qualité en laquelle cette personne évalue l'épreuve, encore admissible aujourd'hui. N'écrit rien.

    Lève `Introuvable` (elle n'y est pas affectée) ou `RefusDroit` au code du premier obstacle.
    """
    qualite = epreuve.qualite_de(lecteur.id)
    if qualite is None:
        raise Introuvable
    _en_son_nom(lecteur)
    autre = epreuve.evaluateur(qualite.autre)
    cadre = barriere(lecteur, epreuve.dossier, jour_civil(maintenant))
    avis = avis_sur(lecteur, cadre, epreuve, lecteur.id, qualite, autre.personne if autre else None, ouvre=True)
    verifier_admissible(next(e.nom for e in epreuve.evaluateurs if e.personne == lecteur.id), avis.obstacles)
    return qualite


def verifier_jure(lecteur: Acteur, dossier: VueDossier, jure: UUID, maintenant: datetime) -> None:
    """Vérifie qu'une personne peut juger ce dossier aujourd'hui : quand on la propose. N'écrit rien.

    Lève `Introuvable`, ou `RefusDroit` au code du premier obstacle, avec qui pourrait la remplacer.
    """
    jour = jour_civil(maintenant)
    connus = noms(lecteur, [jure])
    if jure not in connus:
        raise Introuvable("Cette personne n'est pas enregistrée.")
    avis = avis_sur_jure(lecteur, dossier, jure, jour)
    if not avis.admissible:
        libres = (un.nom for un in jures_examines(lecteur, dossier, jour) if un.avis.admissible)
        verifier_admissible(connus[jure], avis.obstacles, tuple(libres)[:REMPLACANTS_PROPOSES], acte=JUGER)


def verifier_jure_present(lecteur: Acteur, dossier: VueDossier, maintenant: datetime) -> None:
    """Vérifie que le lecteur peut encore juger ce dossier : quand il l'ouvre, et quand il signe. N'écrit rien.

    On ne juge pas par délégation. Lève `RefusDroit("intuitu_personae")`, ou au code du premier obstacle.
    """
    _en_son_nom(lecteur)
    avis = avis_sur_jure(lecteur, dossier, lecteur.id, jour_civil(maintenant))
    if not avis.admissible:
        verifier_admissible(noms(lecteur, [lecteur.id])[lecteur.id], avis.obstacles, acte=JUGER)


def _en_son_nom(lecteur: Acteur) -> None:
    if lecteur.par_delegation_de is not None:
        raise RefusDroit(
            "intuitu_personae",
            "On n'évalue ni ne juge par délégation : reprenez votre nom, puis faites-le pour vous-même.",
        )


def verifier_evaluateur(lecteur: Acteur, epreuve: VueEpreuve, maintenant: datetime) -> Qualite:
    """Comme `verifier_independance` ; et sa déclaration est signée, et aucune récusation n'attend sa réponse.

    Lève aussi `Refus("declaration_manquante" | "recusation_en_attente")`.
    """
    qualite = verifier_independance(lecteur, epreuve, maintenant)
    if recusation_en_attente(lecteur, epreuve.id):
        raise Refus(
            "recusation_en_attente",
            "Le candidat a récusé un évaluateur de cette épreuve : elle s'ouvrira quand le gestionnaire aura répondu.",
        )
    if not declaration_signee(lecteur, epreuve.id):
        raise Refus(
            "declaration_manquante", "Avant d'ouvrir la grille, déclarez que vous n'avez aucun lien avec le candidat."
        )
    return qualite


def declarer(*, epreuve: UUID, genre: GenreDeclare, auteur: Acteur, maintenant: datetime) -> bool:
    """L'évaluateur déclare, et signe, ce qui le lie au candidat ; vrai s'il peut évaluer. Redire ne change rien.

    Un lien déclaré le retire aussitôt, et pour tout le dossier : l'épreuve attend un autre évaluateur. Lève `Introuvable`,
    `RefusDroit` (déjà écarté), `Refus("epreuve_fermee")`.
    """
    genre = GenreDeclare(genre)
    with acte(auteur=auteur, maintenant=maintenant, action=Action.DECLARATION_SIGNEE) as journal:
        ligne = verrouiller(epreuve)
        vue = epreuve_par_id(auteur, epreuve)
        verifier_independance(auteur, vue, maintenant)
        if ligne.etat not in ATTENDENT:
            raise Refus("epreuve_fermee", "Cette épreuve n'est plus ouverte : il n'y a plus rien à déclarer.")
        if Declaration.objects.filter(epreuve=ligne, evaluateur_id=auteur.id, genre=genre).exists():
            journal.rien_a_inscrire()
            return True
        _signer(journal, ligne, vue, genre, auteur, maintenant)
        if genre != GenreDeclare.AUCUN:
            _retirer(ligne, vue, auteur.id, auteur, maintenant)
    return genre == GenreDeclare.AUCUN


def verifier_second_regard(lecteur: Acteur, epreuve: VueEpreuve, maintenant: datetime) -> None:
    """Vérifie que cette personne peut relire cette épreuve aujourd'hui, pour elle-même. N'écrit rien.

    Lève `RefusDroit` : `intuitu_personae`, ou le premier empêchement.
    """
    _en_son_nom(lecteur)
    verifier_tiers(tiers_examine(lecteur, epreuve, lecteur.id, jour_civil(maintenant)))


def declarer_second_regard(*, epreuve: UUID, genre: GenreDeclare, auteur: Acteur, maintenant: datetime) -> bool:
    """La personne d'un second regard déclare, et signe, ce qui la lie au candidat ; vrai si elle peut lire.

    Pour l'évaluation, qui a vérifié qu'elle est désignée. Un lien déclaré l'écarte de tout le dossier. Redire ne change rien.
    """
    genre = GenreDeclare(genre)
    with acte(auteur=auteur, maintenant=maintenant, action=Action.DECLARATION_SIGNEE) as journal:
        ligne = verrouiller(epreuve)
        if Declaration.objects.filter(epreuve=ligne, evaluateur_id=auteur.id, genre=genre).exists():
            journal.rien_a_inscrire()
            return genre == GenreDeclare.AUCUN
        _signer(journal, ligne, epreuve_par_id(auteur, epreuve), genre, auteur, maintenant)
    return genre == GenreDeclare.AUCUN


def _signer(
    journal: Journal, ligne: Epreuve, vue: VueEpreuve, genre: GenreDeclare, auteur: Acteur, maintenant: datetime
) -> None:
    """Écrit une déclaration et la scelle au journal."""
    declaration = Declaration.objects.create(
        epreuve=ligne, evaluateur_id=auteur.id, genre=genre, le=maintenant, sel=secrets.token_hex(16)
    )
    journal.inscrire(
        objet=("epreuve", ligne.pk),
        donnees={"declaration": declaration.pk, "sans_lien": genre == GenreDeclare.AUCUN},
        personnel={"genre": genre.value},
        scelles=[sceau_declaration(declaration)],
        chaine=chaine_organisme(vue.dossier.organisme),
    )


def recuser(*, epreuve: UUID, evaluateur: UUID, motif: str, auteur: Acteur, maintenant: datetime) -> UUID:
    """Le candidat récuse un évaluateur, avant l'épreuve, et dit pourquoi. Redire ne change rien ; rend la récusation.

    Lève `Introuvable`, `RefusDroit("recusation_reservee")`, `Refus("motif_manquant" | "epreuve_commencee")`.
    """
    motif = motif.strip()
    with acte(auteur=auteur, maintenant=maintenant, action=Action.RECUSATION_DEPOSEE) as journal:
        ligne = verrouiller(epreuve)
        vue = epreuve_par_id(auteur, epreuve)
        verifier_peut_recuser(auteur, vue.dossier)
        if vue.qualite_de(evaluateur) is None:
            raise Introuvable("Cette personne n'évalue pas cette épreuve.")
        deja = Recusation.objects.filter(epreuve=ligne, evaluateur_id=evaluateur).first()
        if deja is not None:
            journal.rien_a_inscrire()
            return deja.pk
        if ligne.etat not in AVANT_L_EPREUVE:
            raise Refus("epreuve_commencee", "L'épreuve a commencé : un évaluateur se récuse avant.")
        if not motif:
            raise Refus("motif_manquant", "Dites pourquoi vous récusez cet évaluateur : le gestionnaire le lira.")
        recusation = Recusation.objects.create(
            epreuve=ligne, evaluateur_id=evaluateur, motif=motif, etat="deposee", deposee_le=maintenant
        )
        PassageRecusation.objects.create(
            recusation=recusation, rang=1, etat="deposee", instant=maintenant, auteur=auteur.id, motif=motif
        )
        journal.inscrire(
            objet=("epreuve", ligne.pk),
            donnees={"recusation": recusation.pk, "evaluateur": evaluateur},
            personnel={"motif": motif},
            chaine=chaine_organisme(vue.dossier.organisme),
        )
        annoncer(RecusationDeposee(recusation.pk, ligne.pk, vue.dossier.id, maintenant))
    return recusation.pk


def trancher(*, recusation: UUID, vers: str, motif: str, auteur: Acteur, maintenant: datetime) -> None:
    """Le gestionnaire accueille (`accueillie`) ou écarte (`ecartee`) une récusation, avec son motif, avant l'épreuve.

    Accueillie, elle retire l'évaluateur, pour tout le dossier. Redire ne change rien. Lève `Introuvable`,
    `RefusDroit("planification_reservee" | "cause_propre")`, `Refus("motif_manquant" | "reponse_inconnue" | "passage_interdit")`.
    """
    motif = motif.strip()
    if vers not in ("accueillie", "ecartee"):
        raise Refus("reponse_inconnue", "Une récusation s'accueille ou s'écarte.")
    with acte(auteur=auteur, maintenant=maintenant, action=Action.RECUSATION_TRANCHEE) as journal:
        connue = Recusation.objects.filter(pk=recusation).first()
        if connue is None:
            raise Introuvable("Cette récusation n'existe pas.")
        ligne = verrouiller(connue.epreuve_id)
        connue.refresh_from_db()
        vue = epreuve_par_id(auteur, ligne.pk)
        verifier_peut_trancher(droits(auteur, jour_civil(maintenant)), vue.dossier, connue.evaluateur_id)
        if connue.etat == vers:
            journal.rien_a_inscrire()
            return
        if not motif:
            raise Refus("motif_manquant", "Dites pourquoi : le candidat le lira.")
        passer_recusation(connue, vers, motif, auteur, maintenant)
        journal.inscrire(
            objet=("epreuve", ligne.pk),
            donnees={"recusation": connue.pk, "reponse": vers},
            personnel={"motif": motif},
            chaine=chaine_organisme(vue.dossier.organisme),
        )
        if vers == "accueillie" and vue.qualite_de(connue.evaluateur_id) is not None:
            _retirer(ligne, vue, connue.evaluateur_id, auteur, maintenant)


def revoir(*, epreuves: Iterable[UUID], maintenant: datetime) -> int:
    """Revérifie l'indépendance des évaluateurs en place de ces épreuves ; rend le nombre de celles à vérifier.

    Un évaluateur que la barrière écarte désormais est signalé au gestionnaire (`IndependanceAVerifier`) ; s'il ne l'est
    plus, le signalement se clôt. Rien n'est retiré tout seul : la barrière, elle, refuse déjà d'ouvrir et de sceller.
    """
    return sum(_revoir_une(epreuve, maintenant) for epreuve in epreuves)


def _revoir_une(epreuve: UUID, maintenant: datetime) -> bool:
    with acte(auteur=SYSTEME, maintenant=maintenant, action=Action.INDEPENDANCE_REVUE) as journal:
        ligne = verrouiller(epreuve)
        vue = epreuve_par_id(SYSTEME, epreuve)
        ecartes: dict[UUID, list[str]] = {}
        if ligne.etat not in EPREUVE.terminaux:
            cadre = barriere(SYSTEME, vue.dossier, jour_civil(maintenant))
            for place in vue.evaluateurs:
                autre = vue.evaluateur(place.qualite.autre)
                avis = avis_sur(
                    SYSTEME, cadre, vue, place.personne, place.qualite, autre.personne if autre else None, ouvre=False
                )
                if not avis.admissible:
                    ecartes[place.personne] = [obstacle.value for obstacle in avis.obstacles]
        ouvertes = {a.evaluateur_id: a for a in AVerifier.objects.filter(epreuve=ligne, close_le=None)}
        perimees = [a.pk for qui, a in ouvertes.items() if ecartes.get(qui) != a.obstacles]
        nouvelles = {
            qui: codes for qui, codes in ecartes.items() if qui not in ouvertes or codes != ouvertes[qui].obstacles
        }
        if not perimees and not nouvelles:
            journal.rien_a_inscrire()
            return bool(ecartes)
        AVerifier.objects.filter(pk__in=perimees).update(close_le=maintenant)
        for qui, codes in nouvelles.items():
            AVerifier.objects.create(epreuve=ligne, evaluateur_id=qui, obstacles=codes, ouverte_le=maintenant)
            annoncer(IndependanceAVerifier(ligne.pk, vue.dossier.id, qui, maintenant))
        journal.inscrire(
            objet=("epreuve", ligne.pk),
            donnees={"a_verifier": {str(qui): codes for qui, codes in sorted(ecartes.items(), key=str)}},
            chaine=chaine_organisme(vue.dossier.organisme),
        )
    return bool(ecartes)


def _retirer(ligne: Epreuve, vue: VueEpreuve, personne: UUID, auteur: Acteur, maintenant: datetime) -> None:
    """Met fin à l'affectation de cette personne ; l'épreuve qui n'a pas commencé attend de nouveau un évaluateur.

    Commencée, elle garde son état, et une place vide : le gestionnaire y nomme qui prend la suite (`remplacer_evaluateur`).
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.EVALUATEUR_RETIRE) as journal:
        Affectation.objects.filter(epreuve=ligne, evaluateur_id=personne, au=None).update(au=maintenant)
        liberer(ligne, personne)
        sans_objet(ligne, {personne}, auteur, maintenant)
        AVerifier.objects.filter(epreuve=ligne, evaluateur_id=personne, close_le=None).update(close_le=maintenant)
        if ligne.etat == "affectee":
            passer_ligne(ligne, "a_planifier", auteur, maintenant, "Un évaluateur n'en est plus.")
        journal.inscrire(
            objet=("epreuve", ligne.pk),
            donnees={"evaluateur": personne, "etat": ligne.etat},
            chaine=chaine_organisme(vue.dossier.organisme),
        )
        annoncer(EvaluateurRetire(ligne.pk, vue.dossier.id, personne, maintenant))
