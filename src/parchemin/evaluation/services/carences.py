"""Quand un évaluateur ne va pas au bout : le relancer, le remplacer, ou dénouer ; la table est au règlement, l'horloge au moteur."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from moteur.regles.carences import Consequence, Etape
from parchemin.comptes.selectors import droits
from parchemin.comptes.services import chaine_organisme
from parchemin.convocations.enums import Qualite
from parchemin.convocations.permissions import verifier_peut_planifier
from parchemin.convocations.selectors import VueEpreuve, epreuve_par_id
from parchemin.convocations.services import remplacer_evaluateur, replanifier_epreuve, verrouiller_epreuve
from parchemin.evaluation.enums import Action
from parchemin.evaluation.evenements import EvaluateurRelance
from parchemin.evaluation.models import Lecture, Relance
from parchemin.evaluation.permissions import verifier_lit_en_aveugle
from parchemin.evaluation.selectors import Carence, carence
from parchemin.evaluation.services.resultats import etablir_resultat
from parchemin.registre.services import Journal, acte
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.annonces import annoncer
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Refus


def relancer(*, epreuve: UUID, auteur: Acteur, maintenant: datetime) -> int:
    """Relance les évaluateurs en retard, une fois par jour au plus ; rend combien viennent de l'être.

    Lève `Introuvable`, `RefusDroit("planification_reservee")`, `Refus("suite_impossible")` si le règlement ne le permet pas.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.RELANCE) as journal:
        vue, manque = _ouvrir(epreuve, auteur, maintenant, Consequence.RELANCER)
        jour = jour_civil(maintenant)
        deja = set(Relance.objects.filter(epreuve_id=epreuve, jour=jour).values_list("evaluateur_id", flat=True))
        relances = [qui for qui in manque.attendus if qui not in deja]
        if not relances:
            journal.rien_a_inscrire()
            return 0
        Relance.objects.bulk_create(
            Relance(epreuve_id=epreuve, evaluateur_id=qui, acte=manque.acte.value, jour=jour, le=maintenant)
            for qui in relances
        )
        journal.inscrire(
            objet=("epreuve", epreuve),
            donnees={"evaluateurs": relances, "acte": manque.acte.value},
            chaine=chaine_organisme(vue.dossier.organisme),
        )
        for qui in relances:
            annoncer(EvaluateurRelance(epreuve, qui, manque.acte.value, maintenant))
    return len(relances)


def relancer_si_due(*, epreuve: UUID, maintenant: datetime) -> int:
    """La relance du matin : si l'horloge du règlement en veut une ce jour-là, et que le règlement relance. Rend combien."""
    vue = epreuve_par_id(SYSTEME, epreuve)
    manque = carence(SYSTEME, vue, maintenant)
    if manque is None or Consequence.RELANCER not in manque.suites:
        return 0
    if not manque.horloge.relance_due(jour_civil(maintenant)):
        return 0
    return relancer(epreuve=epreuve, auteur=SYSTEME, maintenant=maintenant)


def remplacer(
    *, epreuve: UUID, qualite: Qualite, personne: UUID, motif: str, auteur: Acteur, maintenant: datetime
) -> None:
    """Remplace un évaluateur qui n'a pas scellé : un autre lit ce qui peut encore se juger.

    Ce que l'ancien avait noté reste, hors de la nouvelle lecture. Lève `Introuvable`, `RefusDroit` (gestion, indépendance, `a_ressaisi`), et
    `Refus` : `suite_impossible`, `lecture_scellee`, `motif_manquant`, `deja_affecte`.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.CARENCE_DENOUEE) as journal:
        vue, _ = _ouvrir(epreuve, auteur, maintenant, Consequence.REMPLACER)
        if Lecture.objects.filter(epreuve_id=epreuve, qualite=qualite).exists():
            raise Refus(
                "lecture_scellee", "Cet évaluateur a scellé sa lecture : elle reste, il n'y a pas à le remplacer."
            )
        verifier_lit_en_aveugle(personne, epreuve)
        remplacer_evaluateur(
            epreuve=epreuve, qualite=qualite, personne=personne, motif=motif, auteur=auteur, maintenant=maintenant
        )
        _inscrire(journal, vue, Consequence.REMPLACER, "")


def denouer(*, epreuve: UUID, consequence: Consequence, motif: str, auteur: Acteur, maintenant: datetime) -> None:
    """Établit le résultat sans attendre davantage : au jury ce qui n'est pas réglé, ou tel quel si les lectures concordent.

    Lève `Introuvable`, `RefusDroit("planification_reservee")`, `Refus` : `suite_impossible`, `motif_manquant`.
    """
    motif = motif.strip()
    with acte(auteur=auteur, maintenant=maintenant, action=Action.CARENCE_DENOUEE) as journal:
        vue, manque = _ouvrir(epreuve, auteur, maintenant, consequence)
        if manque.etape is Etape.LECTURE:
            raise Refus("suite_impossible", "Il manque une lecture : remplacez l'évaluateur, ou replanifiez l'épreuve.")
        if not motif:
            raise Refus("motif_manquant", "Dites pourquoi : le jury le lira.")
        _inscrire(journal, vue, consequence, motif)
        etablir_resultat(epreuve=vue, auteur=auteur, maintenant=maintenant, motif=motif)


def replanifier(
    *, epreuve: UUID, prevue_le: datetime, lieu: str, motif: str, auteur: Acteur, maintenant: datetime
) -> UUID:
    """Ouvre une nouvelle épreuve à la place de celle qui n'ira pas au bout ; rend la neuve.

    Lève `Introuvable`, `RefusDroit`, `Refus("suite_impossible")`, et les refus de `convocations.replanifier_epreuve`.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.CARENCE_DENOUEE) as journal:
        vue, _ = _ouvrir(epreuve, auteur, maintenant, Consequence.REPLANIFIER)
        neuve = replanifier_epreuve(
            epreuve=epreuve,
            prevue_le=prevue_le,
            lieu=lieu,
            motif=motif,
            malgre=True,  # les avertissements se lisent en affectant les évaluateurs, l'étape d'après
            auteur=auteur,
            maintenant=maintenant,
        )
        _inscrire(journal, vue, Consequence.REPLANIFIER, "")
    return neuve


def _ouvrir(
    epreuve: UUID, auteur: Acteur, maintenant: datetime, consequence: Consequence
) -> tuple[VueEpreuve, Carence]:
    """L'épreuve verrouillée et ce qui lui manque ; le gestionnaire seul, et seulement une suite que permet le règlement."""
    verrouiller_epreuve(epreuve)
    vue = epreuve_par_id(auteur, epreuve)
    verifier_peut_planifier(droits(auteur, jour_civil(maintenant)), vue.dossier)
    manque = carence(auteur, vue, maintenant)
    if manque is None or consequence not in manque.suites:
        raise Refus("suite_impossible", "Le règlement ne permet pas cela pour cette épreuve, à ce moment.")
    return vue, manque


def _inscrire(journal: Journal, vue: VueEpreuve, consequence: Consequence, motif: str) -> None:
    journal.inscrire(
        objet=("epreuve", vue.id),
        donnees={"suite": consequence.value},
        personnel={"motif": motif} if motif else None,
        chaine=chaine_organisme(vue.dossier.organisme),
    )
