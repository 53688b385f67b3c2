"""Qui peut agir sur un dossier, et sinon pourquoi."""

from __future__ import annotations

from uuid import UUID

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.permissions import derive
from parchemin.comptes.selectors import Droits
from parchemin.parcours.enums import OrigineDeBloc
from parchemin.parcours.selectors import VueBlocAcquis, VueDossier
from parchemin.socle.refus import RefusDroit

INSCRIVENT = (NatureRole.GESTIONNAIRE, NatureRole.RH)
"""Qui inscrit et nomme : le gestionnaire, et les ressources humaines pour les leurs."""


def verifier_peut_inscrire(droits: Droits, organisme: UUID | None = None, certification: str | None = None) -> None:
    """Inscrire un candidat (dans cet organisme, à cette certification, s'ils sont dits).

    Lève `RefusDroit("inscription_reservee")`.
    """
    if not any(droits.a(nature) for nature in INSCRIVENT):
        raise RefusDroit(
            "inscription_reservee",
            "L'inscription d'un candidat revient au gestionnaire ou aux ressources humaines de son organisme.",
        )
    if organisme is not None and not _tient(droits, organisme, certification):
        raise RefusDroit("inscription_reservee", "Vous tenez un autre organisme, ou une autre certification.")


def verifier_peut_designer(droits: Droits, organisme: UUID, certification: str) -> None:
    """Nommer le tuteur et le manager d'un dossier. Lève `RefusDroit("dossier_reserve")`."""
    if not _tient(droits, organisme, certification):
        raise RefusDroit(
            "dossier_reserve", "Ce dossier est tenu par le gestionnaire et les ressources humaines de son organisme."
        )


def verifier_peut_gerer_dossier(droits: Droits, organisme: UUID, certification: str) -> None:
    """Abandonner un dossier : le gestionnaire de l'organisme. Lève `RefusDroit("dossier_reserve")`."""
    if not droits.couvre(NatureRole.GESTIONNAIRE, organisme, certification):
        raise RefusDroit("dossier_reserve", "Ce dossier est tenu par le gestionnaire de son organisme.")


def verifier_hors_de_cause(droits: Droits, *en_cause: UUID | None) -> None:
    """Nul ne décide dans sa propre cause, ni pour qui lui a donné délégation. Lève `RefusDroit("cause_propre")`."""
    acteur = droits.acteur
    if acteur is not None and not {acteur.id, acteur.par_delegation_de}.isdisjoint(set(en_cause) - {None}):
        raise RefusDroit(
            "cause_propre", "C'est de vous qu'il s'agit : un autre gestionnaire, ou les ressources humaines, en décide."
        )


def verifier_peut_changer_de_version(droits: Droits, organisme: UUID, certification: str, candidat: UUID) -> None:
    """Poursuivre un dossier sous une autre version : son gestionnaire, jamais pour lui-même. Lève `RefusDroit`."""
    verifier_peut_gerer_dossier(droits, organisme, certification)
    verifier_hors_de_cause(droits, candidat)


def verifier_peut_ceder(droits: Droits, organisme: UUID, certification: str, candidat: UUID) -> None:
    """Proposer un dossier à un autre organisme : son gestionnaire, jamais le sien. Lève `RefusDroit`."""
    verifier_peut_gerer_dossier(droits, organisme, certification)
    verifier_hors_de_cause(droits, candidat)


def verifier_peut_accueillir(droits: Droits, organisme: UUID, certification: str, candidat: UUID) -> None:
    """Accueillir un dossier : le gestionnaire de l'organisme d'accueil. Lève `RefusDroit("accueil_reserve" | "cause_propre")`."""
    if not droits.couvre(NatureRole.GESTIONNAIRE, organisme, certification):
        raise RefusDroit("accueil_reserve", "Accueillir un dossier revient au gestionnaire de l'organisme d'accueil.")
    verifier_hors_de_cause(droits, candidat)


def verifier_peut_tenir_etat_civil(droits: Droits, organisme: UUID, certification: str) -> None:
    """Lire et écrire l'état civil d'un candidat : la gestion et les RH de son organisme. Lève `RefusDroit("dossier_reserve")`."""
    if not _tient(droits, organisme, certification):
        raise RefusDroit(
            "dossier_reserve",
            "L'état civil est tenu par le gestionnaire et les ressources humaines de l'organisme du candidat.",
        )


def verifier_peut_reconnaitre(droits: Droits, dossier: VueDossier) -> None:
    """Reconnaître un bloc par équivalence, sur pièce : le gestionnaire du dossier, s'il ne le suit pas lui-même.

    Lève `RefusDroit("reconnaissance_reservee" | "cause_propre")`.
    """
    if not droits.couvre(NatureRole.GESTIONNAIRE, dossier.organisme, dossier.referentiel_code):
        raise RefusDroit(
            "reconnaissance_reservee",
            "C'est au gestionnaire du dossier de reconnaître un bloc, la pièce sous les yeux.",
        )
    _verifier_cause_d_autrui(droits, dossier)


def verifier_peut_dispenser_de_bloc(droits: Droits, dossier: VueDossier) -> None:
    """Dispenser d'un bloc qu'aucune équivalence n'ouvre : le certificateur. Lève `RefusDroit` comme `verifier_peut_reconnaitre`."""
    if not droits.partout(NatureRole.GESTIONNAIRE):
        raise RefusDroit("reconnaissance_reservee", "C'est au certificateur de dispenser d'un bloc.")
    _verifier_cause_d_autrui(droits, dossier)


def _verifier_cause_d_autrui(droits: Droits, dossier: VueDossier) -> None:
    acteur = droits.acteur
    concernes = {dossier.candidat, dossier.tuteur, dossier.manager} - {None}
    if acteur is not None and not concernes.isdisjoint((acteur.id, acteur.par_delegation_de)):
        raise RefusDroit(
            "cause_propre", "Vous suivez ce parcours, ou c'est le vôtre : un autre gestionnaire en décide."
        )


def verifier_peut_reprendre(droits: Droits) -> None:
    """Reprendre les titulaires des années papier, ou en retirer un : le certificateur. Lève `RefusDroit("reprise_reservee")`."""
    if not droits.partout(NatureRole.GESTIONNAIRE):
        raise RefusDroit(
            "reprise_reservee", "Le registre des titulaires est tenu par le certificateur : lui seul reprend le papier."
        )


def verifier_peut_retirer_acquis(droits: Droits, acquis: VueBlocAcquis, dossier: VueDossier | None) -> None:
    """Retirer un bloc dit acquis : qui tient son origine. `dossier` : celui où il fut reconnu, ou dispensé. Lève `RefusDroit`."""
    if dossier is None or acquis.origine == OrigineDeBloc.REPRISE:
        verifier_peut_reprendre(droits)
    elif acquis.origine == OrigineDeBloc.DISPENSE:
        verifier_peut_dispenser_de_bloc(droits, dossier)
    else:
        verifier_peut_reconnaitre(droits, dossier)


def verifier_peut_charger_lieux(droits: Droits) -> None:
    """Charger les listes de l'Insee, qui valent pour tous : le certificateur. Lève `RefusDroit("lieux_reserves")`."""
    if not droits.partout(NatureRole.GESTIONNAIRE):
        raise RefusDroit(
            "lieux_reserves", "Les listes de communes et de pays valent pour tous : le certificateur les charge."
        )


def verifier_peut_declarer(droits: Droits, certification: str) -> None:
    """Tenir ce qui sert à la seule déclaration des titulaires (le NIR) : qui gère la certification partout. Lève `RefusDroit("declaration_reservee")`."""
    if not droits.couvre(NatureRole.GESTIONNAIRE, None, certification):
        raise RefusDroit(
            "declaration_reservee",
            "Ce qui sert à la déclaration des titulaires n'est tenu que par qui gère la certification pour tous.",
        )


def verifier_peut_lister(droits: Droits) -> None:
    """Ouvrir la liste des candidats. Lève `RefusDroit("liste_reservee")`."""
    if not any(droits.a(nature) for nature in (*INSCRIVENT, NatureRole.TUTEUR, NatureRole.MANAGER)):
        raise RefusDroit(
            "liste_reservee",
            "La liste des candidats s'ouvre aux gestionnaires, aux ressources humaines, aux tuteurs et aux managers.",
        )


def _tient(droits: Droits, organisme: UUID, certification: str | None) -> bool:
    return any(droits.couvre(nature, organisme, certification) for nature in INSCRIVENT)


peut_inscrire = derive(verifier_peut_inscrire)
peut_designer = derive(verifier_peut_designer)
peut_gerer_dossier = derive(verifier_peut_gerer_dossier)
peut_changer_de_version = derive(verifier_peut_changer_de_version)
peut_ceder = derive(verifier_peut_ceder)
peut_accueillir = derive(verifier_peut_accueillir)
peut_declarer = derive(verifier_peut_declarer)
peut_lister = derive(verifier_peut_lister)
peut_tenir_etat_civil = derive(verifier_peut_tenir_etat_civil)
peut_reconnaitre = derive(verifier_peut_reconnaitre)
peut_dispenser_de_bloc = derive(verifier_peut_dispenser_de_bloc)
peut_reprendre = derive(verifier_peut_reprendre)
peut_retirer_acquis = derive(verifier_peut_retirer_acquis)
peut_charger_lieux = derive(verifier_peut_charger_lieux)
