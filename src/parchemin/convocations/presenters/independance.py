"""Ce qui se dit d'une indépendance : au gestionnaire, au jury."""

from __future__ import annotations

from collections.abc import Sequence

from moteur.regles.evaluateur_admissible import GenreLien
from parchemin.convocations.permissions import raisons
from parchemin.convocations.selectors import (
    VueAVerifier,
    VueSignalement,
)


def phrases_a_verifier(signales: Sequence[VueAVerifier]) -> tuple[str, ...]:
    """« Hugo Bernard ne peut plus évaluer cette épreuve : lien hiérarchique avec le candidat. »"""
    return tuple(
        f"{s.evaluateur_nom} ne peut plus évaluer cette épreuve : {raisons(s.obstacles)}. Choisissez un autre évaluateur."
        for s in signales
    )


_MOTS_DE_LIEN = {
    GenreLien.TUTORAT: "devenu son tuteur",
    GenreLien.ATTESTATION: "devenu son manager",
    GenreLien.FORMATION: "devenu son formateur",
    GenreLien.ACCOMPAGNEMENT: "devenu son accompagnateur",
    GenreLien.HIERARCHIQUE: "lien hiérarchique",
    GenreLien.PROFESSIONNEL: "relation professionnelle",
    GenreLien.PERSONNEL: "lien personnel",
    GenreLien.DELIBERATION_ANNULEE: "membre d'une délibération annulée",
}


def phrases_au_jury(dits: Sequence[VueSignalement]) -> tuple[str, ...]:
    """Ce que le jury lira : un lien né depuis l'épreuve, qui n'écartait rien ; un lien su trop tard, qui aurait écarté."""
    phrases = []
    for dit in dits:
        qui = f"Bloc {dit.bloc[1:]}, {dit.evaluateur_nom}"
        if dit.nes_apres:
            quoi = ", ".join(_MOTS_DE_LIEN[genre] for genre in dit.nes_apres)
            phrases.append(f"{qui} : {quoi}, depuis l’épreuve. L’évaluation reste valable ; le jury en est averti.")
        if dit.sus_apres:
            phrases.append(f"{qui} : {raisons(dit.sus_apres)}, su après l’accord. Le jury en décidera.")
    return tuple(phrases)
