"""La page « Déléguer »."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from parchemin.comptes import selectors
from parchemin.comptes.selectors import VueDelegation
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Action
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.typographie import date_en_clair


@dataclass(frozen=True, slots=True)
class LigneDelegation:
    """Une délégation : qui, quoi, quand, et ce qu'on peut en faire."""

    titre: str
    quoi: str
    periode: str
    motif: str
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class PageDeleguer:
    """Ce que l'on peut confier, ce qu'on a confié, ce qu'on a reçu ; `au_nom_de` : la personne que l'on représente."""

    roles: tuple[tuple[str, str], ...]
    donnees: tuple[LigneDelegation, ...]
    recues: tuple[LigneDelegation, ...]
    au_nom_de: str


def page_deleguer(acteur: Acteur) -> PageDeleguer:
    """La page de cette personne."""
    jour = jour_civil(maintenant())
    absente = acteur.par_delegation_de
    return PageDeleguer(
        roles=tuple((str(role.id), role.nom) for role in selectors.roles_delegables(acteur, jour)),
        donnees=tuple(
            _ligne(une, f"Confié à {une.delegue_nom}", ()) for une in selectors.delegations_donnees(acteur, jour)
        ),
        recues=tuple(
            _ligne(
                une,
                f"Confié par {une.delegant_nom}",
                (agir_pour(une),) if une.en_cours(jour) and absente != une.delegant else (),
            )
            for une in selectors.delegations_recues(acteur, jour)
        ),
        au_nom_de=selectors.nom(acteur, absente) if absente else "",
    )


def agir_pour(delegation: VueDelegation) -> Action:
    """Le geste qui fait agir au nom de la personne absente."""
    url = reverse("comptes:agir", args=[delegation.id])
    return Action(f"Agir pour {delegation.delegant_nom}", url, methode="post")


def _ligne(une: VueDelegation, titre: str, actions: tuple[Action, ...]) -> LigneDelegation:
    revoquer = Action(
        "Mettre fin",
        reverse("comptes:revoquer", args=[une.id]),
        methode="post",
        precision=f"à cette délégation ({une.portee.nature.label}, {une.delegue_nom})",
    )
    return LigneDelegation(
        titre=titre,
        quoi=f"{une.portee.nature.label}, {une.organisme_nom}",
        periode=f"du {date_en_clair(une.du)} au {date_en_clair(une.dernier_jour)} compris",
        motif=une.motif,
        actions=(*actions, revoquer),
    )
