"""Ce que vaut un plan, en points entiers : moins, c'est mieux. Le glouton et le solveur visent la même somme.

Les poids sont un choix de la maison, dit ici et nulle part ailleurs : une épreuve laissée de côté coûte plus que tout le reste ;
vient l'attente (qui attend depuis longtemps pèse davantage), puis les jours d'un même candidat, les trajets et les journées des
évaluateurs, et la charge de qui en porte plus que sa part.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from parchemin.convocations.planificateur.instance import Candidat, Instance, Placement

LAISSEE = 1_000
"""Par épreuve sans place."""
JOUR_DE_PLUS = 20
"""Par jour (ou site) d'un candidat au-delà du premier."""
JOURNEE = 2
"""Par journée d'un évaluateur."""
TRAJET_PAR_POINT = 20
"""Tant de minutes de route, aller ou retour, font un point."""
SURCHARGE = 3
"""Par épreuve d'un évaluateur au-delà de sa part."""
MOIS, POIDS_LE_PLUS_FORT = 30, 5


@dataclass(frozen=True, slots=True)
class Cout:
    """Le coût d'un plan, part par part."""

    laissees: int
    attente: int
    jours: int
    journees: int
    trajets: int
    surcharge: int

    @property
    def total(self) -> int:
        """La somme des parts."""
        return self.laissees + self.attente + self.jours + self.journees + self.trajets + self.surcharge


def poids(candidat: Candidat) -> int:
    """Ce que pèse un jour d'attente de plus : 1, et 1 de plus par mois déjà attendu, jusqu'à 5."""
    return min(1 + candidat.attente // MOIS, POIDS_LE_PLUS_FORT)


def aller_retour(instance: Instance, evaluateur: str, site: str) -> int:
    """Les points de route d'une journée d'un évaluateur sur un site."""
    return 2 * instance.trajet(instance.evaluateur[evaluateur].base, site) // TRAJET_PAR_POINT


def part(instance: Instance) -> int:
    """La part de chacun : les places à tenir, engagements compris, partagées entre les évaluateurs, arrondies au-dessus."""
    if not instance.evaluateurs:
        return 0
    deja = sum(len(e.engagements) for e in instance.evaluateurs)
    return -(-(2 * len(instance.epreuves) + deja) // len(instance.evaluateurs))


def cout(instance: Instance, plan: Iterable[Placement]) -> Cout:
    """Le coût d'un plan sans défaut. Une épreuve hors des ouvertures n'y compte pas."""
    jours: dict[str, set[tuple[int, str]]] = defaultdict(set)
    journees: set[tuple[str, int, str]] = set()
    charges = Counter({e.cle: len(e.engagements) for e in instance.evaluateurs})
    placees = 0
    for placement in plan:
        jour = instance.jour(placement.salle, instance.plage(placement))
        if jour is None:
            continue
        placees += 1
        site = instance.salle[placement.salle].site
        jours[instance.epreuve[placement.epreuve].candidat].add((jour, site))
        for qui in (placement.metier, placement.certificateur):
            journees.add((qui, jour, site))
            charges[qui] += 1
    juste = part(instance)
    return Cout(
        laissees=LAISSEE * (len(instance.epreuves) - placees),
        attente=sum(
            poids(instance.candidat[qui]) * (max(siens)[0] - instance.premier_jour) for qui, siens in jours.items()
        ),
        jours=JOUR_DE_PLUS * sum(len(siens) - 1 for siens in jours.values()),
        journees=JOURNEE * len(journees),
        trajets=sum(aller_retour(instance, qui, site) for qui, _, site in journees),
        surcharge=SURCHARGE * sum(max(0, charge - juste) for charge in charges.values()),
    )
