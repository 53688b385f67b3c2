"""Ce que montre la demande d'un plan : les candidats parmi lesquels choisir, et dès quand ils se convoquent."""

from __future__ import annotations

from collections.abc import Iterable

from parchemin.convocations.selectors import CandidatPret, PremieresDates
from parchemin.socle.typographie import date_courte, date_en_clair


def choix_des_candidats(prets: Iterable[CandidatPret]) -> list[tuple[str, str]]:
    """Un choix par dossier : « Nour Haddad, blocs 1 et 3, en parcours depuis le 3 mars 2026 »."""
    return [(str(un.dossier.id), f"{un.dossier.candidat_nom}, {_blocs(un)}, {_depuis(un)}") for un in prets]


def _blocs(un: CandidatPret) -> str:
    *avant, dernier = [bloc[1:] for bloc in un.blocs]
    return f"blocs {', '.join(avant)} et {dernier}" if avant else f"bloc {dernier}"


def _depuis(un: CandidatPret) -> str:
    return f"en parcours depuis le {date_courte(un.dossier.entree_le)}"


def delais_en_clair(dates: PremieresDates) -> str:
    """Dès quand on convoque sans déroger et, si le règlement le permet, en donnant un motif."""
    phrase = f"Convoquer aujourd'hui se fait sans déroger pour une épreuve du {date_en_clair(dates.a_temps)} ou d'après"
    if dates.avec_motif == dates.a_temps:
        return f"{phrase}, jamais plus tôt."
    return f"{phrase} ; en donnant un motif, dès le {date_en_clair(dates.avec_motif)}."
