"""Améliore un plan, en trois temps : d'abord les jours (`maitre`), puis les noms et les salles autour d'eux, puis partout (`modele`).

`ortools`, qui pèse lourd, ne se charge qu'à l'appel. La borne est celle des plans qui gardent entiers les passages du plan de départ
et se rangent en vacations (`terrain`), et d'eux seuls.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from time import monotonic

from parchemin.convocations.planificateur.cout import cout
from parchemin.convocations.planificateur.instance import Instance, Placement
from parchemin.convocations.planificateur.maitre import Esquisse, esquisser
from parchemin.convocations.planificateur.modele import Modele, Permis, Suivi
from parchemin.convocations.planificateur.terrain import QUALITES, Qualite, Terrain

PART_DE_L_ESQUISSE, PART_DES_NOMS = 1 / 3, 1 / 3
"""Au plus, du temps donné."""
ASSEZ_PRES = 1 / 100
"""À cette distance de la borne, on s'arrête."""


@dataclass(frozen=True, slots=True)
class Ameliore:
    """Le plan rendu, ce qu'il coûte, et ce au-dessous de quoi aucun plan du modèle ne descend."""

    plan: tuple[Placement, ...]
    cout: int
    borne: int

    @property
    def ecart(self) -> float:
        """La distance à la borne, rapportée au coût : entre 0 et 1."""
        return (self.cout - self.borne) / self.cout if self.cout else 0.0


def disponible() -> bool:
    """Vrai si `ortools` est installé ; sans lui, le plan du glouton reste."""
    return find_spec("ortools") is not None


def ameliorer(
    instance: Instance,
    plan: Sequence[Placement],
    *,
    secondes: float,
    fixes: Iterable[Placement] = (),
    fils: int = 2,
    suivi: Suivi | None = None,
) -> Ameliore:
    """Part d'un plan sans défaut ; rend au pire le même. `fixes` ne bougent pas. Au plus `secondes`, sur `fils` fils."""
    fixes, fin = tuple(fixes), monotonic() + secondes
    ecoute = _Ecoute(suivi)
    meilleur, prix = tuple(plan), cout(instance, plan).total
    terrain = Terrain(instance, meilleur, fixes)
    if not terrain.passages:
        return Ameliore(meilleur, prix, prix)
    esquisse = esquisser(terrain, secondes * PART_DE_L_ESQUISSE)
    borne = min(esquisse.borne, prix)
    for permis, part in ((_autour(terrain, esquisse), PART_DES_NOMS), (None, 1.0)):
        reste = fin - monotonic()
        if reste <= 0 or not ecoute(prix, borne):
            break
        trouve = Modele(Terrain(instance, meilleur, fixes), permis).resoudre(
            min(reste, secondes * part), fils, borne, ecoute
        )
        if trouve is not None and (arrive := cout(instance, trouve).total) < prix:
            meilleur, prix = trouve, arrive
    return Ameliore(meilleur, prix, borne)


class _Ecoute:
    """Transmet chaque plan meilleur ; une fois qu'on a dit d'arrêter, ou assez près de la borne, tout s'arrête."""

    def __init__(self, suivi: Suivi | None) -> None:
        self.suivi, self.continuer = suivi, True

    def __call__(self, points: int, borne: int) -> bool:
        if self.continuer and self.suivi is not None:
            self.continuer = self.suivi(points, borne)
        return self.continuer and points - borne > points * ASSEZ_PRES


def _autour(terrain: Terrain, esquisse: Esquisse) -> Permis:
    """Les personnes là où l'esquisse les met, salle par salle (le métier de rang n tient la salle de rang n) ; les passages, partout
    où il y a quelqu'un.
    """
    personnes: set[tuple[str, Qualite, int]] = set()
    tenues: set[int] = set()
    for tranche, vacations in terrain.tranches.items():
        metiers, certificateurs = (
            sorted(qui for qui, q, t in esquisse.personnes if (q, t) == (qualite, tranche)) for qualite in QUALITES
        )
        salles = vacations[: min(len(metiers), len(certificateurs))]
        tenues.update(salles)
        personnes |= {(qui, "metiers", salles[n % len(salles)]) for n, qui in enumerate(metiers) if salles}
        personnes |= {(qui, "certificateurs", v) for qui in certificateurs for v in salles}
    return Permis(frozenset(tenues), frozenset(personnes))
