"""Qui ouvre les pages de l'évaluation, et sinon pourquoi. Le droit sur une épreuve précise se lit dans `convocations`."""

from __future__ import annotations

from uuid import UUID

from parchemin.comptes.enums import EVALUATEURS
from parchemin.comptes.permissions import derive
from parchemin.comptes.selectors import Droits
from parchemin.convocations.enums import APRES_LES_SCEAUX
from parchemin.convocations.permissions import SANS_AUTRE, est_en_cause, peut_planifier, verifier_peut_planifier
from parchemin.convocations.selectors import VueEpreuve, fut_affecte
from parchemin.evaluation.selectors import ont_ressaisi
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import RefusDroit


def verifier_peut_voir_sa_journee(droits: Droits) -> None:
    """Ouvrir « Ma journée ». Lève `RefusDroit("journee_reservee")`."""
    if not any(droits.a(nature) for nature in EVALUATEURS):
        raise RefusDroit("journee_reservee", "Cette page est celle des évaluateurs : elle prépare leurs épreuves.")


def verifier_peut_ressaisir(acteur: Acteur, droits: Droits, epreuve: VueEpreuve) -> None:
    """Ressaisir une grille papier : l'équipe du gestionnaire ; ni qui évalue l'épreuve, ou l'a évaluée, ni le candidat, son
    tuteur ou son manager. Lève `RefusDroit("ressaisie_reservee")`.
    """  # fmt: skip
    if not peut_planifier(droits, epreuve.dossier):
        raise RefusDroit("ressaisie_reservee", "Une grille papier se ressaisit par l'équipe du gestionnaire.")
    if fut_affecte(acteur, epreuve.id):
        raise RefusDroit(
            "ressaisie_reservee",
            "Vous évaluez, ou avez évalué, cette épreuve : d'autres que vous ressaisissent ses grilles papier.",
        )
    if acteur.id in (epreuve.dossier.candidat, epreuve.dossier.tuteur, epreuve.dossier.manager):
        raise RefusDroit("ressaisie_reservee", "Vous êtes de ce dossier : d'autres que vous ressaisissent ses grilles.")


def verifier_peut_regler(droits: Droits, epreuve: VueEpreuve, evaluateur: UUID) -> None:
    """Décider des gestes mis à part d'un évaluateur : qui planifie l'épreuve ; jamais des siens, ni, avant les deux sceaux, de
    ceux de l'épreuve qu'il évalue. Lève `RefusDroit("planification_reservee" | "cause_propre")`.
    """  # fmt: skip
    verifier_peut_planifier(droits, epreuve.dossier)
    evaluent = () if epreuve.etat in APRES_LES_SCEAUX else (place.personne for place in epreuve.evaluateurs)
    if any(est_en_cause(droits, personne) for personne in (evaluateur, *evaluent)):
        raise RefusDroit(
            "cause_propre",
            f"Vous évaluez cette épreuve, ou l'avez évaluée : un autre gestionnaire de l'organisme décide de ces gestes. {SANS_AUTRE}",
        )


def verifier_lit_en_aveugle(personne: UUID, epreuve: UUID) -> None:
    """Évaluer sans rien savoir de ce que l'autre a noté : pas qui a ressaisi une grille papier de cette épreuve, ou joint la feuille
    d'un autre. Qui pouvait seulement la lire n'est pas refusé (une petite équipe n'a parfois personne d'autre) : sa lecture le dit
    (`selectors.lectures_deja_ouvertes`).

    Lève `RefusDroit("a_ressaisi")`.
    """
    if personne in ont_ressaisi(epreuve):
        raise RefusDroit(
            "a_ressaisi",
            "Qui a ressaisi une grille papier de cette épreuve, ou joint la feuille d'un autre, sait ce qu'un évaluateur y a noté, "
            "et ne peut plus l'évaluer. Le gestionnaire choisit quelqu'un d'autre.",
        )


def verifier_peut_joindre(acteur: Acteur, droits: Droits, epreuve: VueEpreuve, evaluateur: UUID) -> None:
    """Joindre une feuille numérisée, ou la relire : l'évaluateur dont c'est la grille, et qui peut la ressaisir.

    Lève `RefusDroit("ressaisie_reservee")`.
    """
    if acteur.id == evaluateur and epreuve.qualite_de(evaluateur) is not None:
        return
    verifier_peut_ressaisir(acteur, droits, epreuve)


peut_voir_sa_journee = derive(verifier_peut_voir_sa_journee)
peut_regler = derive(verifier_peut_regler)
peut_ressaisir = derive(verifier_peut_ressaisir)
peut_joindre = derive(verifier_peut_joindre)
