"""Les durées aménagées d'un candidat : celles qui valent, et leur histoire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from moteur.referentiel import Duree
from parchemin.parcours.models import Amenagement
from parchemin.parcours.selectors.fiches_dossiers import VueDossier
from parchemin.referentiels.selectors import norme
from parchemin.socle.acteur import Acteur

type Phase = tuple[str, str]
"""Un bloc et l'une des phases de son épreuve, par leurs codes."""


@dataclass(frozen=True, slots=True)
class VueAmenagement:
    """Une durée accordée, ou levée (`minutes` vide), pour une phase de l'épreuve d'un bloc."""

    bloc: str
    phase: str
    minutes: int | None
    accorde_le: date
    instant: datetime
    auteur: UUID


def amenagements(lecteur: Acteur, dossier: UUID) -> tuple[VueAmenagement, ...]:
    """Tout ce qui fut accordé, du plus ancien au plus récent. Pour un dossier ouvert au lecteur. Une requête."""
    lignes = Amenagement.objects.filter(dossier_id=dossier).order_by("instant", "pk")
    return tuple(VueAmenagement(a.bloc, a.phase, a.minutes, a.accorde_le, a.instant, a.auteur) for a in lignes)


def durees_accordees(lecteur: Acteur, dossier: UUID) -> dict[str, Mapping[str, int]]:
    """Les minutes accordées qui valent, par bloc puis par phase. Une requête. À n'appeler que pour un dossier ouvert au
    lecteur, ou dont il évalue une épreuve : l'évaluateur lit la durée, jamais la raison (elle n'est écrite nulle part).
    """
    derniers = {(a.bloc, a.phase): a.minutes for a in amenagements(lecteur, dossier)}
    trouvees: dict[str, Mapping[str, int]] = {}
    for (bloc, phase), minutes in derniers.items():
        if minutes is not None:
            trouvees[bloc] = {**trouvees.get(bloc, {}), phase: minutes}
    return trouvees


def phases_a_duree(lecteur: Acteur, dossier: VueDossier) -> dict[Phase, Duree]:
    """Les phases des épreuves de ce dossier dont le référentiel dit la durée ; les autres ne s'aménagent pas."""
    arbre = norme(lecteur, dossier.norme_empreinte)
    return {
        (code, phase.code): phase.duree
        for code in dossier.blocs
        for phase in arbre.bloc(code).epreuve.phases
        if phase.duree is not None
    }
