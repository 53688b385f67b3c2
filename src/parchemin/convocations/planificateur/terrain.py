"""Ce sur quoi le solveur raisonne, sans lui : les passages à placer, les vacations où les placer, et ce qui est déjà tenu.

Une *vacation* est un temps libre d'une salle, dans une ouverture. Des vacations d'un même site, aux mêmes heures, se valent : elles
font une *tranche*.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from parchemin.convocations.planificateur import cout as couts
from parchemin.convocations.planificateur.glouton import Passage, passages
from parchemin.convocations.planificateur.instance import (
    Engagement,
    Evaluateur,
    Instance,
    Placement,
    Plage,
    Salle,
    hors_de,
    reunies,
)

type Qualite = Literal["metiers", "certificateurs"]
type Lieu = tuple[int, str]
"""Un jour civil, sur un site."""

QUALITES: tuple[Qualite, Qualite] = ("metiers", "certificateurs")


@dataclass(frozen=True, slots=True, order=True)
class Tranche:
    """Un site, un jour, de telle à telle heure."""

    site: str
    jour: int
    plage: Plage

    @property
    def lieu(self) -> Lieu:
        """Le jour et le site."""
        return self.jour, self.site

    @property
    def minutes(self) -> int:
        """Sa longueur."""
        return self.plage.fin - self.plage.debut


@dataclass(frozen=True, slots=True)
class Vacation:
    """Un temps libre d'une salle."""

    salle: Salle
    tranche: Tranche


class Terrain:
    """Une instance, vue autour d'un plan de départ : `fixes` n'y bougent pas, les passages du plan restent entiers."""

    def __init__(self, instance: Instance, plan: Sequence[Placement], fixes: Iterable[Placement]) -> None:
        self.instance = instance
        self.fixes = tuple(fixes)
        gardees, placees = {p.epreuve for p in self.fixes}, {p.epreuve for p in plan}
        mobiles = [p for p in plan if p.epreuve not in gardees]
        laissees = ((e,) for e in instance.epreuves if e.cle not in placees)
        self.passages: list[Passage] = [*passages(instance, mobiles), *laissees]
        self.durees = [sum(e.duree for e in passage) for passage in self.passages]
        self.depart = {p.epreuve: p for p in mobiles}
        self._ce_qui_est_tenu()
        self.vacations = tuple(self._vacations())
        self.tranches: dict[Tranche, list[int]] = defaultdict(list)
        """De chaque tranche, les rangs de ses vacations."""
        for v, vacation in enumerate(self.vacations):
            self.tranches[vacation.tranche].append(v)
        self.par_candidat: dict[str, list[int]] = defaultdict(list)
        """De chaque candidat, les rangs de ses passages."""
        for r, passage in enumerate(self.passages):
            self.par_candidat[passage[0].candidat].append(r)

    def _ce_qui_est_tenu(self) -> None:
        """Les engagements de chacun, et ce qui est fixé."""
        instance = self.instance
        self.tenu: dict[str, list[Engagement]] = defaultdict(list)
        self.occupees = {s.cle: list(instance.occupees.get(s.cle, ())) for s in instance.salles}
        self.charges = Counter({e.cle: len(e.engagements) for e in instance.evaluateurs})
        self.journees: set[tuple[str, Lieu]] = set()
        self.jours_fixes: dict[str, set[Lieu]] = defaultdict(set)
        for evaluateur in instance.evaluateurs:
            self.tenu[evaluateur.cle].extend(evaluateur.engagements)
        for candidat in instance.candidats:
            self.tenu[candidat.cle].extend(candidat.engagements)
        for fixe in self.fixes:
            plage, site = instance.plage(fixe), instance.salle[fixe.salle].site
            jour = instance.jour(fixe.salle, plage)
            if jour is None:
                continue
            juge = instance.epreuve[fixe.epreuve].candidat
            self.occupees[fixe.salle].append(plage)
            self.jours_fixes[juge].add((jour, site))
            for qui in (fixe.metier, fixe.certificateur, juge):
                self.tenu[qui].append(Engagement(plage, jour, site))
            for qui in (fixe.metier, fixe.certificateur):
                self.journees.add((qui, (jour, site)))
                self.charges[qui] += 1

    def _vacations(self) -> Iterator[Vacation]:
        court = min(self.durees, default=1)
        for salle in self.instance.salles:
            for ouverture in salle.ouvertures:
                for libre in hors_de(reunies(self.occupees[salle.cle]), ouverture.plage):
                    if libre.fin - libre.debut >= court:
                        yield Vacation(salle, Tranche(salle.site, ouverture.jour, libre))

    @property
    def deja(self) -> int:
        """Ce que coûtent les journées que le fixé impose."""
        return sum(self.journee(qui, lieu) for qui, lieu in self.journees)

    def journee(self, qui: str, lieu: Lieu) -> int:
        """Ce que coûte une journée d'un évaluateur en ce lieu."""
        return couts.JOURNEE + couts.aller_retour(self.instance, qui, lieu[1])

    def reste(self, evaluateur: Evaluateur, jour: int) -> int:
        """Combien d'épreuves il peut encore tenir ce jour-là."""
        return max(0, evaluateur.maximum - sum(t.jour == jour for t in self.tenu[evaluateur.cle]))

    def depuis_l_ouverture(self, qui: str, libres: Iterable[Plage] | None, tranche: Tranche) -> int:
        """Les minutes où cette personne est libre sans trou depuis le début de la tranche, routes comprises."""
        debut, fin = tranche.plage.debut, tranche.plage.fin
        if libres is not None:
            fin = next((min(fin, p.fin) for p in reunies(libres) if p.debut <= debut < p.fin), debut)
        for tenue in self.tenu[qui]:
            route = self.instance.trajet(tenue.site, tranche.site)
            if tenue.plage.fin + route > debut:
                fin = min(fin, max(debut, tenue.plage.debut - route))
        return fin - debut

    def du_candidat(self, rang: int, tranche: Tranche) -> int:
        """Les minutes dont dispose le candidat d'un passage depuis le début de la tranche ; 0 si le passage n'y tient pas."""
        candidat = self.instance.candidat[self.passages[rang][0].candidat]
        libre = self.depuis_l_ouverture(candidat.cle, candidat.libre, tranche)
        return libre if libre >= self.durees[rang] else 0

    def admet(self, rang: int, qualite: Qualite, qui: str) -> bool:
        """Vrai si cette personne peut tenir en cette qualité toutes les épreuves du passage."""
        return all(qui in getattr(e, qualite) and qui != e.candidat for e in self.passages[rang])
