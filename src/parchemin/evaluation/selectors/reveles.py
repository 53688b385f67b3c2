"""Ce qui permet à un tiers de vérifier une lecture révélée : sa forme exacte, sel compris."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from parchemin.comptes.selectors import Droits
from parchemin.convocations.enums import Qualite
from parchemin.convocations.selectors import VueEpreuve
from parchemin.evaluation.models import Lecture
from parchemin.evaluation.selectors.lectures import lectures_visibles
from parchemin.socle.acteur import Acteur


@dataclass(frozen=True, slots=True)
class LectureRevelee:
    """Une lecture telle qu'elle fut scellée. `canonique` : le texte même dont `empreinte` est le SHA-256."""

    epreuve: UUID
    qualite: Qualite
    canonique: str
    sel: str
    empreinte: str


def lectures_revelees(lecteur: Acteur, droits: Droits, epreuve: VueEpreuve) -> dict[Qualite, LectureRevelee]:
    """Les deux lectures en entier, une fois les deux scellées ; rien avant, rien pour qui n'en lit pas les remarques.

    La forme scellée porte les remarques des évaluateurs : l'épurer changerait l'empreinte, elle ne s'ouvre donc qu'à eux.
    """
    if epreuve.qualite_de(lecteur.id) is None or len(lectures_visibles(lecteur, droits, epreuve)) < len(Qualite):
        return {}
    return {
        Qualite(ligne.qualite): LectureRevelee(
            epreuve.id, Qualite(ligne.qualite), ligne.canonique, ligne.sel, ligne.empreinte
        )
        for ligne in Lecture.objects.filter(epreuve_id=epreuve.id).order_by("qualite")
    }
