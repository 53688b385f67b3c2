"""Un dossier passe d'un organisme à un autre : qui est appelé à répondre, et qui apprend ce qui fut décidé."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from parchemin.comptes.selectors import gestionnaires_de
from parchemin.courriels.messages import Ligne
from parchemin.parcours.enums import EtatMutation
from parchemin.parcours.evenements import MutationProposee, MutationTranchee
from parchemin.parcours.selectors import VueMutation, mutation_par_id
from parchemin.portail.abonnements.envois import prevenir
from parchemin.portail.enums import MUTATION
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.annonces import abonne
from parchemin.socle.horloge import jour_civil


@abonne(MutationProposee)
def dire_la_mutation_proposee(evenement: MutationProposee) -> None:
    """Les gestionnaires de l'organisme d'accueil : un dossier leur est proposé."""
    vue = mutation_par_id(SYSTEME, evenement.mutation)
    if vue.etat != EtatMutation.PROPOSEE:
        return
    nouvelle = Ligne(
        f"{vue.de_nom} vous propose d’accueillir {vue.candidat_nom}",
        "Le dossier reste là-bas tant que vous n’avez pas répondu.",
        chemin=reverse("parcours:accueillir", args=[vue.id]),
    )
    for personne in gestionnaires_de(
        SYSTEME, vue.vers, vue.certification, jour_civil(evenement.le), sauf=[vue.candidat]
    ):
        _dire(vue, personne, evenement, nouvelle)


@abonne(MutationTranchee)
def dire_la_mutation_tranchee(evenement: MutationTranchee) -> None:
    """Les gestionnaires de l'organisme qui proposait : ce qui fut décidé ; le candidat : qui tient désormais son dossier."""
    vue = mutation_par_id(SYSTEME, evenement.mutation)
    if vue.etat == EtatMutation.ACCUEILLIE:
        chez_l_ancien = Ligne(
            f"{vue.vers_nom} a accueilli {vue.candidat_nom}",
            "Vous lisez encore ce qui fut fait jusqu’à ce jour ; le reste se suit là-bas.",
            chemin=reverse("parcours:parti", args=[vue.dossier]),
        )
        au_candidat = Ligne(
            f"Votre dossier est désormais tenu par {vue.vers_nom}",
            "Ce qui est attesté, écrit et planifié reste.",
            chemin=reverse("dossier", args=[vue.dossier]),
        )
        _dire(vue, vue.candidat, evenement, au_candidat)
    elif vue.etat == EtatMutation.REFUSEE:
        chez_l_ancien = Ligne(
            f"{vue.vers_nom} n’accueille pas {vue.candidat_nom}",
            "Le dossier reste dans votre organisme ; la page dit pourquoi.",
            chemin=reverse("dossier", args=[vue.dossier]),
        )
    else:
        return
    for personne in gestionnaires_de(SYSTEME, vue.de, vue.certification, jour_civil(evenement.le), sauf=[vue.candidat]):
        _dire(vue, personne, evenement, chez_l_ancien)


def _dire(vue: VueMutation, personne: UUID, evenement: MutationProposee | MutationTranchee, nouvelle: Ligne) -> None:
    prevenir(
        cle=f"{MUTATION.code}:{vue.id}:{vue.etat}:{personne}",
        genre=MUTATION,
        destinataire=personne,
        du=evenement.le,
        nouvelle=nouvelle,
    )
