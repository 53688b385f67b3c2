"""Le modèle du solveur (CP-SAT) : chaque passage dans une vacation, chaque vacation devant une paire.

Une vacation tient des passages d'affilée depuis son début, devant les deux mêmes évaluateurs ; un évaluateur n'est que sur un site un
même jour. Tout plan rendu est donc bon pour le vérificateur ; un plan qui ne se range pas ainsi peut être bon aussi.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from parchemin.convocations.planificateur import cout as couts
from parchemin.convocations.planificateur.glouton import Offre
from parchemin.convocations.planificateur.instance import Evaluateur, Placement, Plage
from parchemin.convocations.planificateur.terrain import QUALITES, Lieu, Qualite, Terrain

GRAINE = 20_261_129

type Suivi = Callable[[int, int], bool]
"""Appelé à chaque plan meilleur, avec son coût et la borne ; rend faux pour arrêter là."""


@dataclass(frozen=True, slots=True)
class Permis:
    """À quoi se tient le modèle : des vacations, et qui peut y être."""

    vacations: frozenset[int]
    personnes: frozenset[tuple[str, Qualite, int]]


class Modele:
    """Le modèle d'un terrain ; `permis` le restreint (`None` : partout)."""

    def __init__(self, terrain: Terrain, permis: Permis | None = None) -> None:
        from ortools.sat.python import cp_model

        self.cp = cp_model
        self.m: Any = cp_model.CpModel()
        self.terrain = terrain
        self.permis = permis
        self.termes: list[Any] = []
        self.evaluees: dict[tuple[Qualite, str, int], Any] = {}
        self.las: dict[tuple[str, Lieu], Any] = {}
        self.trops: dict[str, Any] = {}
        self.presents: dict[Qualite, dict[tuple[str, int], Any]] = {qualite: {} for qualite in QUALITES}
        self._places()
        self._evaluateurs()
        self._candidats()
        self.m.minimize(sum(self.termes) + terrain.deja)

    def _lieu(self, v: int) -> Lieu:
        return self.terrain.vacations[v].tranche.lieu

    # Les passages, les personnes ------------------------------------------------------------------------------------

    def _places(self) -> None:
        """Chaque passage dans une vacation au plus, une vacation à la mesure de ses passages."""
        m, terrain = self.m, self.terrain
        self.ici: dict[int, list[tuple[int, Any]]] = defaultdict(list)
        presses: dict[int, list[Any]] = defaultdict(list)
        self.ou: list[dict[int, Any]] = []
        self.laisses: list[Any] = []
        for r, passage in enumerate(terrain.passages):
            siennes: dict[int, Any] = {}
            for tranche, vacations in terrain.tranches.items():
                libre = terrain.du_candidat(r, tranche)
                for v in vacations if libre else ():
                    if self.permis is not None and v not in self.permis.vacations:
                        continue
                    b = siennes[v] = m.new_bool_var(f"x{r}_{v}")
                    self.ici[v].append((r, b))
                    if libre < tranche.minutes:
                        presses[v].append(b)  # libre au début seulement : il passe le premier, donc seul dans ce cas
            laisse = m.new_bool_var(f"laisse{r}")
            m.add_exactly_one([*siennes.values(), laisse])
            self.termes.append(couts.LAISSEE * len(passage) * laisse)
            self.ou.append(siennes)
            self.laisses.append(laisse)
        self.temps: dict[int, Any] = {}
        self.nombre: dict[int, Any] = {}
        for v, siens in self.ici.items():
            self.temps[v] = sum(terrain.durees[r] * b for r, b in siens)
            self.nombre[v] = sum(len(terrain.passages[r]) * b for r, b in siens)
            m.add(self.temps[v] <= terrain.vacations[v].tranche.minutes)
            if len(presses[v]) > 1:
                m.add_at_most_one(presses[v])
        self.presses = {v: set(map(id, bs)) for v, bs in presses.items()}

    def _evaluateurs(self) -> None:
        """Une paire par vacation ; chacun dans ses heures, un site par jour, son maximum, sa part."""
        par_qui: dict[str, list[tuple[int, Any, Any]]] = defaultdict(list)
        for qualite in QUALITES:
            for v in self.ici:
                parts, presents = [], []
                for evaluateur in self.terrain.instance.evaluateurs:
                    part = self._peut_tenir(evaluateur, qualite, v)
                    if part is not None:
                        presents.append(part[0])
                        parts.append(part[1])
                        par_qui[evaluateur.cle].append((v, *part))
                self.m.add_at_most_one(presents)
                self.m.add(sum(parts) == self.nombre[v])
        for evaluateur in self.terrain.instance.evaluateurs:
            self._ses_journees(evaluateur, par_qui[evaluateur.cle])

    def _peut_tenir(self, evaluateur: Evaluateur, qualite: Qualite, v: int) -> tuple[Any, Any] | None:
        """Sa présence à cette vacation en cette qualité, et combien d'épreuves il y évalue ; `None` s'il ne le peut pas."""
        m, terrain, qui = self.m, self.terrain, evaluateur.cle
        if self.permis is not None and (qui, qualite, v) not in self.permis.personnes:
            return None
        tranche = terrain.vacations[v].tranche
        libre = terrain.depuis_l_ouverture(qui, evaluateur.libre, tranche)
        admis = {r: terrain.admet(r, qualite, qui) for r, _ in self.ici[v]}
        if not any(admis[r] and terrain.durees[r] <= libre for r, _ in self.ici[v]):
            return None
        au_plus = min(evaluateur.maximum, sum(len(terrain.passages[r]) for r, _ in self.ici[v]))
        present, evaluees = m.new_bool_var(f"{qualite}{qui}_{v}"), m.new_int_var(0, au_plus, "")
        m.add(evaluees <= au_plus * present)
        if libre < tranche.minutes:
            m.add(self.temps[v] <= libre).only_enforce_if(present)
        for r, b in self.ici[v]:
            if not admis[r]:
                m.add_at_most_one([present, b])
        if (autre := self.presents[QUALITES[0]].get((qui, v))) is not None:
            m.add_at_most_one([present, autre])
        self.presents[qualite][qui, v] = present
        self.evaluees[qualite, qui, v] = evaluees
        return present, evaluees

    def _ses_journees(self, evaluateur: Evaluateur, siennes: Sequence[tuple[int, Any, Any]]) -> None:
        """Ce qu'un évaluateur tient : jamais deux choses à la fois, ses journées, ce qui dépasse sa part."""
        m, terrain, qui = self.m, self.terrain, evaluateur.cle
        ses_epreuves = [(v, b) for r in terrain.par_candidat.get(qui, ()) for v, b in self.ou[r].items()]
        self._sans_se_dedoubler([*((v, present) for v, present, _ in siennes), *ses_epreuves])
        par_jour: dict[int, list[Any]] = defaultdict(list)
        par_lieu: dict[Lieu, list[tuple[Any, Any]]] = defaultdict(list)
        for v, present, evaluees in siennes:
            par_lieu[self._lieu(v)].append((present, evaluees))
        for lieu, parts in par_lieu.items():
            la = self.las[qui, lieu] = m.new_bool_var("")
            par_jour[lieu[0]].append(la)
            m.add(sum(n for _, n in parts) <= terrain.reste(evaluateur, lieu[0]) * la)
            for present, _ in parts:
                m.add_implication(present, la)
            if (qui, lieu) not in terrain.journees:
                self.termes.append(terrain.journee(qui, lieu) * la)
        for las in par_jour.values():
            m.add_at_most_one(las)
        deja = terrain.charges[qui]
        trop = self.trops[qui] = m.new_int_var(0, 2 * len(terrain.instance.epreuves) + deja, "")
        m.add(trop >= sum(n for *_, n in siennes) + deja - couts.part(terrain.instance))
        self.termes.append(couts.SURCHARGE * trop)

    def _sans_se_dedoubler(self, siennes: Sequence[tuple[int, Any]]) -> None:
        """Deux vacations qui se touchent n'ont pas la même personne."""
        plages = {v: self.terrain.vacations[v].tranche.plage for v, _ in siennes}
        for instant in {plage.debut for plage in plages.values()}:
            ensemble = [b for v, b in siennes if plages[v].contient(Plage(instant, instant + 1))]
            if len(ensemble) > 1:
                self.m.add_at_most_one(ensemble)

    def _candidats(self) -> None:
        """Un candidat n'est qu'à un endroit à la fois ; ses jours comptent, et surtout le dernier."""
        terrain, premier = self.terrain, self.terrain.instance.premier_jour
        for candidat in sorted(terrain.par_candidat.keys() | terrain.jours_fixes.keys()):
            rangs, fixes = terrain.par_candidat.get(candidat, []), terrain.jours_fixes.get(candidat, set())
            siennes = [(v, b) for r in rangs for v, b in self.ou[r].items()]
            poids = couts.poids(terrain.instance.candidat[candidat])
            if len(rangs) == 1 and not fixes:
                self.termes.append(poids * sum((self._lieu(v)[0] - premier) * b for v, b in siennes))
            else:
                self._plusieurs_jours(siennes, fixes, poids)

    def _plusieurs_jours(self, siennes: Sequence[tuple[int, Any]], fixes: set[Lieu], poids: int) -> None:
        """Un candidat coupé, ou dont une épreuve est fixée : un site par jour, et ce que coûtent ses jours."""
        m, premier = self.m, self.terrain.instance.premier_jour
        self._sans_se_dedoubler(siennes)
        lieux = {self._lieu(v) for v, _ in siennes} | fixes
        vu = {lieu: m.new_bool_var("") for lieu in sorted(lieux)}
        dernier = m.new_int_var(0, max((lieu[0] - premier for lieu in lieux), default=0), "")
        jours = m.new_int_var(0, len(vu), "")
        for lieu in fixes:
            m.add(vu[lieu] == 1)
        for v, b in siennes:
            m.add_implication(b, vu[self._lieu(v)])
        for lieu, b in vu.items():
            m.add(dernier >= (lieu[0] - premier) * b)
        for jour in {lieu[0] for lieu in vu}:
            ce_jour = [b for lieu, b in vu.items() if lieu[0] == jour and lieu not in fixes]
            pris = any(lieu[0] == jour for lieu in fixes)
            if ce_jour and len(ce_jour) + pris > 1:
                m.add(sum(ce_jour) <= 1 - pris)
        m.add(jours >= sum(vu.values()) - 1)
        self.termes += [poids * dernier, couts.JOUR_DE_PLUS * jours]

    # Résoudre -------------------------------------------------------------------------------------------------------

    def resoudre(self, secondes: float, fils: int, borne: int, suivi: Suivi) -> tuple[Placement, ...] | None:
        """Le meilleur plan trouvé ; `None` s'il n'y en a pas. `borne` : ce que l'on sait déjà ne pas pouvoir battre."""
        self._indice()
        solveur: Any = self.cp.CpSolver()
        solveur.parameters.max_time_in_seconds = secondes
        solveur.parameters.num_workers = fils
        solveur.parameters.random_seed = GRAINE
        solveur.parameters.cp_model_probing_level = 0
        solveur.parameters.symmetry_level = 0
        if solveur.solve(self.m, _ecoute(self.cp, borne, suivi)) not in (self.cp.OPTIMAL, self.cp.FEASIBLE):
            return None
        return (*self.terrain.fixes, *self._lire(solveur))

    def _indice(self) -> None:
        """Le plan de départ, en indice entier : là où il se range en vacations, le solveur part de lui."""
        m, terrain = self.m, self.terrain
        rangs = {(vac.salle.cle, vac.tranche.plage.debut): v for v, vac in enumerate(terrain.vacations)}
        tenues: dict[tuple[Qualite, str, int], int] = {}
        for r, passage in enumerate(terrain.passages):
            depart = terrain.depart.get(passage[0].cle)
            ici = None if depart is None else rangs.get((depart.salle, depart.debut))
            for v, b in self.ou[r].items():
                m.add_hint(b, v == ici)
            m.add_hint(self.laisses[r], ici not in self.ou[r])
            if depart is not None and ici is not None:
                tenues["metiers", depart.metier, ici] = len(passage)
                tenues["certificateurs", depart.certificateur, ici] = len(passage)
        for qualite, siens in self.presents.items():
            for (qui, v), b in siens.items():
                m.add_hint(b, (qualite, qui, v) in tenues)
                m.add_hint(self.evaluees[qualite, qui, v], tenues.get((qualite, qui, v), 0))
        journees = {(qui, self._lieu(v)) for _, qui, v in tenues}
        for cle, la in self.las.items():
            m.add_hint(la, cle in journees)
        for qui, trop in self.trops.items():
            charge = terrain.charges[qui] + sum(n for (_, q, _), n in tenues.items() if q == qui)
            m.add_hint(trop, max(0, charge - couts.part(terrain.instance)))

    def _lire(self, solveur: Any) -> Iterator[Placement]:
        """Les passages de chaque vacation, d'affilée : qui n'est libre qu'au début passe le premier."""
        for v, siens in self.ici.items():
            choisis = [(id(b) not in self.presses.get(v, set()), r) for r, b in siens if solveur.boolean_value(b)]
            if not choisis:
                continue
            metier, certificateur = (
                next(qui for (qui, ou), b in self.presents[qualite].items() if ou == v and solveur.boolean_value(b))
                for qualite in QUALITES
            )
            debut = self.terrain.vacations[v].tranche.plage.debut
            for _, r in sorted(choisis):
                offre = Offre(self.terrain.vacations[v].salle.cle, debut, metier, certificateur)
                yield from offre.placements(self.terrain.passages[r])
                debut += self.terrain.durees[r]


def _ecoute(cp: Any, borne: int, suivi: Suivi) -> Any:
    """Ce que le solveur appelle à chaque plan meilleur."""

    class Ecoute(cp.CpSolverSolutionCallback):  # type: ignore[misc]  # ortools n'est pas typé
        def on_solution_callback(self) -> None:
            if not suivi(int(self.objective_value), borne):
                self.stop_search()

    return Ecoute()
