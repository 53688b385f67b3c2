"""Qui écrit dans un carnet, et sinon pourquoi."""

from __future__ import annotations

from uuid import UUID

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.permissions import derive
from parchemin.comptes.selectors import Droits
from parchemin.parcours.enums import Qualite
from parchemin.parcours.permissions import peut_designer, peut_gerer_dossier
from parchemin.parcours.selectors import VueDossier
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import RefusDroit


def qualites_de(acteur: Acteur, dossier: VueDossier) -> tuple[Qualite, ...]:
    """En quelles qualités le dossier désigne cette personne (une au plus : tuteur et manager sont deux personnes)."""
    return tuple(qualite for qualite in Qualite if dossier.designe(qualite) == acteur.id)


def verifier_peut_attester(acteur: Acteur, dossier: VueDossier, qualite: Qualite) -> None:
    """Attester en cette qualité. Lève `RefusDroit` : `attestation_pour_soi`, `attestation_reservee`, `intuitu_personae`."""
    if acteur.par_delegation_de is not None:
        raise RefusDroit(
            "intuitu_personae", "On n'atteste pas par délégation : reprenez votre nom, puis attestez pour vous-même."
        )
    if acteur.id == dossier.candidat:
        raise RefusDroit("attestation_pour_soi", "On n'atteste pas ses propres compétences.")
    if dossier.designe(qualite) != acteur.id:
        raise RefusDroit(
            "attestation_reservee",
            f"Seule la personne désignée comme {qualite.label.lower()} de ce dossier atteste en cette qualité.",
        )


def verifier_tient_encore(droits: Droits, dossier: VueDossier, qualite: Qualite) -> None:
    """Tenir encore le rôle de cette qualité : le retrait d'un rôle vaut aussitôt. Lève `RefusDroit("role_termine")`."""
    if not droits.couvre(NatureRole(qualite.value), dossier.organisme, dossier.referentiel_code):
        raise RefusDroit(
            "role_termine",
            f"Votre rôle de {qualite.label.lower()} est terminé : vous n'attestez plus. Voyez le gestionnaire.",
        )


def verifier_peut_accuser_reception(acteur: Acteur, dossier: VueDossier) -> None:
    """Confirmer la remise du carnet : le candidat. Lève `RefusDroit("reception_reservee")`."""
    if acteur.id != dossier.candidat:
        raise RefusDroit("reception_reservee", "C'est au candidat de confirmer qu'il a reçu son carnet.")


def verifier_peut_demander(acteur: Acteur, droits: Droits, dossier: VueDossier) -> None:
    """Demander des attestations par un lien : le candidat, le gestionnaire, les RH. Lève `RefusDroit("demande_reservee")`."""
    tient = peut_designer(droits, dossier.organisme, dossier.referentiel_code)
    if acteur.est_systeme or acteur.id == dossier.candidat or tient:
        return
    raise RefusDroit(
        "demande_reservee", "C'est au candidat, ou à qui gère son dossier, de demander qu'une compétence soit attestée."
    )


def verifier_peut_lever(droits: Droits, dossier: VueDossier, qui_repudie: UUID | None = None) -> None:
    """Lever le gel d'un carnet : le gestionnaire, s'il n'en est ni le candidat, ni le tuteur, ni le manager, ni qui répudie.

    Lève `RefusDroit("levee_reservee" | "cause_propre")`.
    """
    if not peut_gerer_dossier(droits, dossier.organisme, dossier.referentiel_code):
        raise RefusDroit("levee_reservee", "C'est au gestionnaire du dossier d'éclaircir une répudiation.")
    _verifier_hors_de_cause(
        droits,
        concernes(dossier, qui_repudie),
        "Vous attestez dans ce carnet, ou c'est le vôtre : un autre gestionnaire éclaircit cette répudiation.",
    )


def concernes(dossier: VueDossier, *autres: UUID | None) -> frozenset[UUID]:
    """Ceux dont un carnet est la cause : son candidat, son tuteur, son manager, et ces autres. Nul d'eux n'en décide."""
    tous = (dossier.candidat, *(dossier.designe(qualite) for qualite in Qualite), *autres)
    return frozenset(personne for personne in tous if personne is not None)


def _verifier_hors_de_cause(droits: Droits, en_cause: frozenset[UUID], message: str) -> None:
    """Qui agit par délégation ne décide pas davantage dans la cause de qui la lui a donnée."""
    acteur = droits.acteur
    if acteur is not None and not en_cause.isdisjoint((acteur.id, acteur.par_delegation_de)):
        raise RefusDroit("cause_propre", message)


def verifier_peut_dispenser(droits: Droits, dossier: VueDossier) -> None:
    """Dispenser du carnet d'un bloc : le gestionnaire, s'il n'en est ni le candidat, ni le tuteur, ni le manager.

    Lève `RefusDroit("dispense_reservee" | "cause_propre")`.
    """
    if not peut_gerer_dossier(droits, dossier.organisme, dossier.referentiel_code):
        raise RefusDroit("dispense_reservee", "C'est au gestionnaire du dossier de dispenser du carnet d'un bloc.")
    _verifier_hors_de_cause(
        droits,
        concernes(dossier),
        "Vous suivez ce carnet, ou c'est le vôtre : un autre gestionnaire décide de la dispense.",
    )


def verifier_peut_ecrire_entree(acteur: Acteur, dossier: VueDossier) -> None:
    """Écrire une entrée : le candidat, lui-même. Lève `RefusDroit("entree_reservee")`."""
    if acteur.id != dossier.candidat:
        raise RefusDroit("entree_reservee", "Les entrées d'un carnet s'écrivent par son candidat.")


def verifier_peut_lire_entrees(acteur: Acteur, droits: Droits, dossier: VueDossier) -> None:
    """Lire les entrées publiées : le candidat, ses tuteur et manager, le gestionnaire. Lève `RefusDroit("entrees_reservees")`."""
    if acteur.id == dossier.candidat or qualites_de(acteur, dossier):
        return
    if not peut_gerer_dossier(droits, dossier.organisme, dossier.referentiel_code):
        raise RefusDroit(
            "entrees_reservees", "Ces entrées se lisent par le candidat, son tuteur, son manager et le gestionnaire."
        )


peut_ecrire_entree = derive(verifier_peut_ecrire_entree)
peut_lire_entrees = derive(verifier_peut_lire_entrees)
peut_demander = derive(verifier_peut_demander)
peut_lever = derive(verifier_peut_lever)
peut_dispenser = derive(verifier_peut_dispenser)
peut_attester = derive(verifier_peut_attester)
peut_accuser_reception = derive(verifier_peut_accuser_reception)
