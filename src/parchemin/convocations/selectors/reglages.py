"""Ce que le règlement dit de la planification : durées, maximum, trajets, effets des conflits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from parchemin.convocations.planificateur.conflits import Effet, Effets, effets
from parchemin.parcours.selectors import VueDossier, durees_accordees
from parchemin.referentiels.selectors import norme, reglement_en_vigueur, version_d_empreinte
from parchemin.socle.acteur import Acteur

PHASE_SANS_DUREE = 15
"""Les minutes que l'on compte à une phase dont la norme ne dit pas la durée."""


@dataclass(frozen=True, slots=True)
class ReglagesDePlanification:
    """Les réglages d'une édition du règlement, en minutes et en épreuves ; ceux par défaut si elle fut écrite avant eux."""

    battement: int
    maximum_par_jour: int
    trajet_par_defaut: int
    effets: Effets


def reglages_de_planification(lecteur: Acteur, norme_empreinte: str, jour: date) -> ReglagesDePlanification:
    """Ce que dit le règlement en vigueur ce jour-là pour la version de cette norme. Deux requêtes au plus."""
    reglement = reglement_en_vigueur(lecteur, version_d_empreinte(lecteur, norme_empreinte), jour)
    table: Iterable[Mapping[str, str]] = reglement.valeur("conflits_de_planification", ())
    return ReglagesDePlanification(
        battement=reglement.valeur("battement_minutes", 10),
        maximum_par_jour=reglement.valeur("epreuves_par_jour_maximum", 6),
        trajet_par_defaut=reglement.valeur("trajet_par_defaut_minutes", 60),
        effets=effets({une["conflit"]: Effet(une["effet"]) for une in table}),
    )


def duree_prevue(
    lecteur: Acteur,
    dossier: VueDossier,
    bloc: str,
    reglages: ReglagesDePlanification,
    accordees: Mapping[str, int] | None = None,
) -> int:
    """Les minutes que prend l'épreuve d'un bloc : ses phases, à la durée accordée au candidat s'il en a une, et le battement.

    `accordees` : ses durées adaptées pour ce bloc, si on les a déjà lues (une requête sinon).
    """
    if accordees is None:
        accordees = durees_accordees(lecteur, dossier.id).get(bloc, {})
    phases = norme(lecteur, dossier.norme_empreinte).bloc(bloc).epreuve.phases
    return reglages.battement + sum(
        accordees.get(phase.code, phase.duree.minutes if phase.duree else PHASE_SANS_DUREE) for phase in phases
    )
