"""Qui peut publier et réviser : le référentiel est celui de tous, il ne s'écrit pas depuis un organisme."""

from __future__ import annotations

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.permissions import derive
from parchemin.comptes.selectors import Droits
from parchemin.socle.refus import RefusDroit


def verifier_peut_publier(droits: Droits) -> None:
    """Publier une version. Lève `RefusDroit("publication_reservee")`."""
    if not (droits.est_administrateur or droits.partout(NatureRole.GESTIONNAIRE)):
        raise RefusDroit(
            "publication_reservee",
            "Un référentiel se publie par un administrateur ou un gestionnaire de tous les organismes.",
        )


def verifier_peut_reviser(droits: Droits) -> None:
    """Réviser le règlement, la fiche ou les annexes. Lève `RefusDroit("revision_reservee")`."""
    if not (droits.est_administrateur or droits.partout(NatureRole.GESTIONNAIRE)):
        raise RefusDroit(
            "revision_reservee",
            "Le règlement, la fiche et les annexes se révisent par un administrateur "
            "ou un gestionnaire de tous les organismes.",
        )


peut_publier = derive(verifier_peut_publier)
peut_reviser = derive(verifier_peut_reviser)
