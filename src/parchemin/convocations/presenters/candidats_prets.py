"""Les candidats parmi lesquels choisir en demandant un plan."""

from __future__ import annotations

from collections.abc import Iterable

from parchemin.convocations.selectors import CandidatPret
from parchemin.socle.typographie import date_courte


def choix_des_candidats(prets: Iterable[CandidatPret]) -> list[tuple[str, str]]:
    """Un choix par dossier : « Nour Haddad, blocs 1 et 3, en parcours depuis le 3 mars 2026 »."""
    return [(str(un.dossier.id), f"{un.dossier.candidat_nom}, {_blocs(un)}, {_depuis(un)}") for un in prets]


def _blocs(un: CandidatPret) -> str:
    *avant, dernier = [bloc[1:] for bloc in un.blocs]
    return f"blocs {', '.join(avant)} et {dernier}" if avant else f"bloc {dernier}"


def _depuis(un: CandidatPret) -> str:
    return f"en parcours depuis le {date_courte(un.dossier.entree_le)}"
