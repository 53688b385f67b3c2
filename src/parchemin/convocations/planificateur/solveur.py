"""Améliore un plan (CP-SAT). Seul fichier à connaître `ortools`, qui pèse lourd : il ne se charge qu'à l'appel.

Le modèle raisonne par *vacations* : une salle ouverte, une paire d'évaluateurs, des passages d'affilée depuis l'ouverture. Il
garde les passages du plan de départ (les épreuves d'un candidat qui se suivent) et choisit leur vacation et les personnes. Un
évaluateur n'est que sur un site un même jour. Tout plan rendu est donc bon pour le vérificateur ; un plan qui ne se range pas en
vacations peut être bon aussi : la borne est celle de ce modèle, et de lui seul.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from math import ceil
from time import monotonic
from typing import Any

from parchemin.convocations.planificateur import cout as couts
from parchemin.convocations.planificateur.cout import cout
from parchemin.convocations.planificateur.glouton import Offre, Passage, passages
from parchemin.convocations.planificateur.instance import (
    Engagement,
    Instance,
    Placement,
    Plage,
    Salle,
    hors_de,
    reunies,
)

GRAINE = 20_261_129
PART_DE_LA_BORNE = 1 / 8
REPRISES = ((0, 1 / 10), (None, 1.0))
"""Jusqu'où un passage peut bouger (en jours ; zéro : les personnes seules changent ; `None` : partout), et pour quelle part du temps."""
QUALITES = ("metiers", "certificateurs")

type Suivi = Callable[[int, int], bool]
"""Appelé à chaque plan meilleur, avec son coût et la borne ; rend faux pour arrêter là."""
type Lieu = tuple[int, str]
"""Un jour civil, sur un site."""


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
    courant, meilleur = tuple(plan), cout(instance, plan).total
    modele = _Modele(instance, courant, fixes)
    borne = min(modele.borner(secondes * PART_DE_LA_BORNE, fils), meilleur)
    for autour, part in REPRISES:
        reste = fin - monotonic()
        if reste <= 0 or meilleur <= borne:
            break
        modele = _Modele(instance, courant, fixes, autour)
        trouve = modele.resoudre(min(reste, secondes * part), fils, borne, suivi)
        if trouve is not None and (arrive := cout(instance, trouve).total) < meilleur:
            courant, meilleur = trouve, arrive
    return Ameliore(courant, meilleur, borne)


@dataclass(frozen=True, slots=True)
class _Vacation:
    """Un temps libre d'une salle, dans une ouverture."""

    salle: Salle
    plage: Plage
    jour: int

    @property
    def lieu(self) -> Lieu:
        return self.jour, self.salle.site


class _Modele:
    """Le modèle CP-SAT d'une instance, autour d'un plan de départ."""

    def __init__(
        self,
        instance: Instance,
        plan: Sequence[Placement],
        fixes: tuple[Placement, ...],
        autour: int | None = None,
    ) -> None:
        from ortools.sat.python import cp_model

        self.cp = cp_model
        self.m: Any = cp_model.CpModel()
        self.instance = instance
        self.fixes = fixes
        self.autour = autour
        gardees, placees = {p.epreuve for p in fixes}, {p.epreuve for p in plan}
        mobiles = [p for p in plan if p.epreuve not in gardees]
        laissees = ((e,) for e in instance.epreuves if e.cle not in placees)
        self.passages: list[Passage] = [*passages(instance, mobiles), *laissees]
        self.durees = [sum(e.duree for e in passage) for passage in self.passages]
        self.depart = {p.epreuve: p for p in mobiles}
        self.termes: list[Any] = []
        self.constante = 0
        self._ce_qui_est_tenu()
        self.vacations = tuple(self._vacations())

        self.evaluees: dict[tuple[str, str, int], Any] = {}
        self.las: dict[tuple[str, Lieu], Any] = {}
        self.trops: dict[str, Any] = {}
        self.w: dict[str, dict[tuple[str, int], Any]] = {qualite: {} for qualite in QUALITES}
        self._places()
        self._evaluateurs()
        self._candidats()
        self.m.minimize(sum(self.termes) + self.constante)

    # Ce qui ne bouge pas --------------------------------------------------------------------------------------------

    def _ce_qui_est_tenu(self) -> None:
        """Les engagements de chacun, et ce qui est fixé."""
        self.tenu: dict[str, list[Engagement]] = defaultdict(list)
        self.occupees = {s.cle: list(self.instance.occupees.get(s.cle, ())) for s in self.instance.salles}
        self.charges = {e.cle: len(e.engagements) for e in self.instance.evaluateurs}
        self.journees: set[tuple[str, Lieu]] = set()
        self.jours_fixes: dict[str, set[Lieu]] = defaultdict(set)
        self.tenu.update({e.cle: list(e.engagements) for e in self.instance.evaluateurs})
        self.tenu.update({c.cle: list(c.engagements) for c in self.instance.candidats})
        for fixe in self.fixes:
            plage, site = self.instance.plage(fixe), self.instance.salle[fixe.salle].site
            jour = self.instance.jour(fixe.salle, plage)
            if jour is None:
                continue
            candidat = self.instance.epreuve[fixe.epreuve].candidat
            self.occupees[fixe.salle].append(plage)
            self.jours_fixes[candidat].add((jour, site))
            for qui in (fixe.metier, fixe.certificateur, candidat):
                self.tenu[qui].append(Engagement(plage, jour, site))
            for qui in (fixe.metier, fixe.certificateur):
                self.journees.add((qui, (jour, site)))
                self.charges[qui] += 1
        self.constante += sum(self._journee(qui, lieu) for qui, lieu in self.journees)

    def _journee(self, qui: str, lieu: Lieu) -> int:
        return couts.JOURNEE + couts.aller_retour(self.instance, qui, lieu[1])

    def _vacations(self) -> Iterator[_Vacation]:
        court = min(self.durees, default=1)
        for salle in self.instance.salles:
            for ouverture in salle.ouvertures:
                for libre in hors_de(reunies(self.occupees[salle.cle]), ouverture.plage):
                    if libre.fin - libre.debut >= court:
                        yield _Vacation(salle, libre, ouverture.jour)

    def _depuis_l_ouverture(self, qui: str, libres: Iterable[Plage] | None, vacation: _Vacation) -> int:
        """Les minutes où cette personne est libre sans trou depuis le début de la vacation, routes comprises."""
        debut, fin = vacation.plage.debut, vacation.plage.fin
        if libres is not None:
            fin = next((min(fin, p.fin) for p in reunies(libres) if p.debut <= debut < p.fin), debut)
        for tenue in self.tenu[qui]:
            route = self.instance.trajet(tenue.site, vacation.salle.site)
            if tenue.plage.fin + route > debut:
                fin = min(fin, max(debut, tenue.plage.debut - route))
        return fin - debut

    # Les passages, les personnes ------------------------------------------------------------------------------------

    def _places(self) -> None:
        """Chaque passage dans une vacation au plus, une vacation à la mesure de ses passages."""
        m = self.m
        ici: dict[int, list[tuple[int, Any]]] = defaultdict(list)
        presses: dict[int, list[Any]] = defaultdict(list)
        self.ou: list[dict[int, Any]] = []
        self.laisses: list[Any] = []
        for r, passage in enumerate(self.passages):
            candidat = self.instance.candidat[passage[0].candidat]
            siennes: dict[int, Any] = {}
            for v, vacation in enumerate(self.vacations):
                if not self._proche(passage, vacation):
                    continue
                libre = self._depuis_l_ouverture(candidat.cle, candidat.libre, vacation)
                if libre < self.durees[r]:
                    continue
                b = siennes[v] = m.new_bool_var(f"x{r}_{v}")
                ici[v].append((r, b))
                if libre < vacation.plage.fin - vacation.plage.debut:
                    presses[v].append(b)  # libre au début seulement : il passe le premier, donc seul dans ce cas
            laisse = m.new_bool_var(f"laisse{r}")
            m.add_exactly_one([*siennes.values(), laisse])
            self.termes.append(couts.LAISSEE * len(passage) * laisse)
            self.ou.append(siennes)
            self.laisses.append(laisse)
        self.temps: dict[int, Any] = {}
        self.nombre: dict[int, Any] = {}
        for v, siens in ici.items():
            self.temps[v] = sum(self.durees[r] * b for r, b in siens)
            self.nombre[v] = sum(len(self.passages[r]) * b for r, b in siens)
            m.add(self.temps[v] <= self.vacations[v].plage.fin - self.vacations[v].plage.debut)
            if len(presses[v]) > 1:
                m.add_at_most_one(presses[v])
        self.ici, self.presses = ici, {v: set(map(id, bs)) for v, bs in presses.items()}

    def _proche(self, passage: Passage, vacation: _Vacation) -> bool:
        """Vrai si l'on peut déplacer ce passage jusque-là : sa vacation même (`autour` nul), à tant de jours, ou partout."""
        depart = self.depart.get(passage[0].cle)
        if self.autour is None or depart is None:
            return True
        if self.autour == 0:
            return (depart.salle, depart.debut) == (vacation.salle.cle, vacation.plage.debut)
        return abs(depart.debut - vacation.plage.debut) <= self.autour * 24 * 60

    def _evaluateurs(self) -> None:
        """Une paire par vacation ; chacun dans ses heures, un site par jour, son maximum, sa part."""
        m, par_qui = self.m, defaultdict(list)
        juste = couts.part(self.instance)
        for qualite in QUALITES:
            for v in self.ici:
                parts, presents = [], []
                for evaluateur in self.instance.evaluateurs:
                    part = self._peut_tenir(evaluateur.cle, qualite, v)
                    if part is not None:
                        present, evaluees = part
                        presents.append(present)
                        parts.append(evaluees)
                        par_qui[evaluateur.cle].append((v, present, evaluees))
                m.add_at_most_one(presents)
                m.add(sum(parts) == self.nombre[v])
        for evaluateur in self.instance.evaluateurs:
            qui, siennes = evaluateur.cle, par_qui[evaluateur.cle]
            self._sans_se_dedoubler([(v, present) for v, present, _ in siennes])
            par_jour: dict[int, list[Any]] = defaultdict(list)
            par_lieu: dict[Lieu, list[tuple[Any, Any]]] = defaultdict(list)
            for v, present, evaluees in siennes:
                par_lieu[self.vacations[v].lieu].append((present, evaluees))
            for lieu, parts in par_lieu.items():
                reste = evaluateur.maximum - sum(t.jour == lieu[0] for t in self.tenu[qui])
                la = self.las[qui, lieu] = m.new_bool_var("")
                par_jour[lieu[0]].append(la)
                m.add(sum(n for _, n in parts) <= max(0, reste) * la)
                for present, _ in parts:
                    m.add_implication(present, la)
                if (qui, lieu) not in self.journees:
                    self.termes.append(self._journee(qui, lieu) * la)
            for las in par_jour.values():
                m.add_at_most_one(las)
            deja = self.charges[qui]
            trop = m.new_int_var(0, 2 * len(self.instance.epreuves) + deja, "")
            self.trops[qui] = trop
            m.add(trop >= sum(n for *_, n in siennes) + deja - juste)
            self.termes.append(couts.SURCHARGE * trop)

    def _peut_tenir(self, qui: str, qualite: str, v: int) -> tuple[Any, Any] | None:
        """Sa présence à cette vacation en cette qualité, et combien d'épreuves il y évalue ; `None` s'il ne le peut pas."""
        evaluateur, vacation = self.instance.evaluateur[qui], self.vacations[v]
        libre = self._depuis_l_ouverture(qui, evaluateur.libre, vacation)
        admis = {
            r: all(qui in getattr(e, qualite) and qui != e.candidat for e in self.passages[r]) for r, _ in self.ici[v]
        }
        if not any(admis[r] and self.durees[r] <= libre for r, _ in self.ici[v]):
            return None
        m = self.m
        au_plus = min(evaluateur.maximum, sum(len(self.passages[r]) for r, _ in self.ici[v]))
        present, evaluees = m.new_bool_var(f"{qualite}{qui}_{v}"), m.new_int_var(0, au_plus, "")
        m.add(evaluees <= au_plus * present)
        if libre < vacation.plage.fin - vacation.plage.debut:
            m.add(self.temps[v] <= libre).only_enforce_if(present)
        for r, b in self.ici[v]:
            if not admis[r]:
                m.add_at_most_one([present, b])
        if (autre := self.w[QUALITES[0]].get((qui, v))) is not None:
            m.add_at_most_one([present, autre])
        self.w[qualite][qui, v] = present
        self.evaluees[qualite, qui, v] = evaluees
        return present, evaluees

    def _sans_se_dedoubler(self, siennes: Sequence[tuple[int, Any]]) -> None:
        """Deux vacations qui se touchent n'ont pas la même personne."""
        for instant in {self.vacations[v].plage.debut for v, _ in siennes}:
            ensemble = [b for v, b in siennes if self.vacations[v].plage.contient(Plage(instant, instant))]
            if len(ensemble) > 1:
                self.m.add_at_most_one(ensemble)

    def _candidats(self) -> None:
        """Un candidat n'est qu'à un endroit à la fois ; ses jours comptent, et surtout le dernier."""
        m, premier = self.m, self.instance.premier_jour
        par_candidat: dict[str, list[int]] = defaultdict(list)
        for r, passage in enumerate(self.passages):
            par_candidat[passage[0].candidat].append(r)
        for candidat in sorted(par_candidat.keys() | self.jours_fixes.keys()):
            siennes = [(v, b) for r in par_candidat.get(candidat, ()) for v, b in self.ou[r].items()]
            fixes = self.jours_fixes.get(candidat, set())
            poids = couts.poids(self.instance.candidat[candidat])
            if len(par_candidat.get(candidat, ())) == 1 and not fixes:
                self.termes.append(poids * sum((self.vacations[v].jour - premier) * b for v, b in siennes))
                continue
            self._sans_se_dedoubler(siennes)
            lieux = {self.vacations[v].lieu for v, _ in siennes} | fixes
            vu = {lieu: m.new_bool_var("") for lieu in sorted(lieux)}
            dernier = m.new_int_var(0, max((lieu[0] - premier for lieu in lieux), default=0), "")
            jours = m.new_int_var(0, len(vu), "")
            for lieu in fixes:
                m.add(vu[lieu] == 1)
            for v, b in siennes:
                m.add_implication(b, vu[self.vacations[v].lieu])
            for lieu, b in vu.items():
                m.add(dernier >= (lieu[0] - premier) * b)
            for jour in {lieu[0] for lieu in vu}:
                ce_jour = [b for lieu, b in vu.items() if lieu[0] == jour and lieu not in fixes]
                if len(ce_jour) > 1 or any(lieu[0] == jour for lieu in fixes):
                    m.add(sum(ce_jour) <= (0 if any(lieu[0] == jour for lieu in fixes) else 1))
            m.add(jours >= sum(vu.values()) - 1)
            self.termes += [poids * dernier, couts.JOUR_DE_PLUS * jours]

    # Résoudre -------------------------------------------------------------------------------------------------------

    def resoudre(self, secondes: float, fils: int, borne: int, suivi: Suivi | None) -> tuple[Placement, ...] | None:
        """Le meilleur plan trouvé ; `None` s'il n'y en a pas. `borne` : ce que l'on sait déjà ne pas pouvoir battre."""
        self._indice()
        solveur: Any = self.cp.CpSolver()
        solveur.parameters.max_time_in_seconds = secondes
        solveur.parameters.num_workers = fils
        solveur.parameters.random_seed = GRAINE
        solveur.parameters.cp_model_probing_level = 0
        solveur.parameters.symmetry_level = 0
        ecoute = _ecoute(self.cp, borne, suivi) if suivi is not None else None
        if solveur.solve(self.m, ecoute) not in (self.cp.OPTIMAL, self.cp.FEASIBLE):
            return None
        return (*self.fixes, *self._lire(solveur))

    def borner(self, secondes: float, fils: int) -> int:
        """Une borne du modèle, par un modèle plus lâche et bien plus petit : de chaque passage, son jour et son site seulement ;
        de chaque évaluateur, combien d'épreuves il y tient au plus. La salle, l'heure et qui est écarté de qui sont oubliés.
        """
        m: Any = self.cp.CpModel()
        termes: list[Any] = []
        premier, court = self.instance.premier_jour, min(self.durees, default=1)
        place: dict[Lieu, list[int]] = defaultdict(lambda: [0, 0])
        for vacation in self.vacations:
            minutes = vacation.plage.fin - vacation.plage.debut
            place[vacation.lieu][0] += minutes
            place[vacation.lieu][1] += minutes // court
        ici: dict[Lieu, list[tuple[int, Any]]] = defaultdict(list)
        par_candidat: dict[str, list[dict[Lieu, Any]]] = defaultdict(list)
        for r, passage in enumerate(self.passages):
            siennes = {lieu: m.new_bool_var("") for lieu in sorted({self.vacations[v].lieu for v in self.ou[r]})}
            laisse = m.new_bool_var("")
            m.add_exactly_one([*siennes.values(), laisse])
            termes.append(couts.LAISSEE * len(passage) * laisse)
            par_candidat[passage[0].candidat].append(siennes)
            for lieu, b in siennes.items():
                ici[lieu].append((r, b))
        for lieu, siens in ici.items():
            m.add(sum(self.durees[r] * b for r, b in siens) <= place[lieu][0])
            m.add(sum(b for _, b in siens) <= place[lieu][1])
        for candidat in par_candidat.keys() | self.jours_fixes.keys():
            poids, fixes = couts.poids(self.instance.candidat[candidat]), self.jours_fixes.get(candidat, set())
            plus_tard = max((lieu[0] - premier for lieu in fixes), default=0)
            dernier = m.new_int_var(
                plus_tard, max((lieu[0] for lieu in ici), default=premier) - premier + plus_tard, ""
            )
            for siennes in par_candidat.get(candidat, ()):
                m.add(dernier >= sum((lieu[0] - premier) * b for lieu, b in siennes.items()))
            termes.append(poids * dernier)
            termes.append(couts.JOUR_DE_PLUS * max(0, len(fixes) - 1))
        tiennent: dict[tuple[Lieu, str], list[Any]] = defaultdict(list)
        juste = couts.part(self.instance)
        for evaluateur in self.instance.evaluateurs:
            qui, toutes = evaluateur.cle, []
            lieux = {self.vacations[v].lieu for qualite in QUALITES for (q, v) in self.w[qualite] if q == qui}
            for lieu in sorted(lieux):
                au_plus = max(0, evaluateur.maximum - sum(t.jour == lieu[0] for t in self.tenu[qui]))
                au_plus = min(au_plus, self._au_plus(qui, lieu, court))
                la, parts = m.new_bool_var(""), []
                for qualite in QUALITES:
                    if any(q == qui and self.vacations[v].lieu == lieu for q, v in self.w[qualite]):
                        parts.append(m.new_int_var(0, au_plus, ""))
                        tiennent[lieu, qualite].append(parts[-1])
                m.add(sum(parts) <= au_plus * la)
                toutes += parts
                if (qui, lieu) not in self.journees:
                    termes.append(self._journee(qui, lieu) * la)
            trop = m.new_int_var(0, 2 * len(self.instance.epreuves) + self.charges[qui], "")
            m.add(trop >= sum(toutes) + self.charges[qui] - juste)
            termes.append(couts.SURCHARGE * trop)
        for lieu, siens in ici.items():
            for qualite in QUALITES:
                m.add(sum(tiennent[lieu, qualite]) == sum(len(self.passages[r]) * b for r, b in siens))
        m.minimize(sum(termes) + self.constante)
        solveur: Any = self.cp.CpSolver()
        solveur.parameters.max_time_in_seconds = secondes
        solveur.parameters.num_workers = fils
        solveur.parameters.random_seed = GRAINE
        solveur.parameters.linearization_level = 2
        solveur.parameters.cp_model_probing_level = 0
        solveur.solve(m)
        return max(0, ceil(float(solveur.best_objective_bound) - 1e-6))

    def _au_plus(self, qui: str, lieu: Lieu, court: int) -> int:
        """Combien d'épreuves au plus les vacations d'un jour laissent à cette personne : une à la fois, dans ses heures."""
        tenables = {
            v for qualite in QUALITES for q, v in self.w[qualite] if q == qui and self.vacations[v].lieu == lieu
        }
        libre = self.instance.evaluateur[qui].libre
        par_debut: dict[int, int] = defaultdict(int)
        for v in tenables:
            debut = self.vacations[v].plage.debut
            minutes = self._depuis_l_ouverture(qui, libre, self.vacations[v])
            par_debut[debut] = max(par_debut[debut], minutes // court)
        return max(map(len, self.passages)) * sum(par_debut.values())

    def _indice(self) -> None:
        """Le plan de départ, en indice entier : là où il se range en vacations, le solveur part de lui."""
        m = self.m
        rangs = {(vac.salle.cle, vac.plage.debut): v for v, vac in enumerate(self.vacations)}
        presents: dict[tuple[str, str, int], int] = {}
        for r, passage in enumerate(self.passages):
            depart = self.depart.get(passage[0].cle)
            ici = None if depart is None else rangs.get((depart.salle, depart.debut))
            for v, b in self.ou[r].items():
                m.add_hint(b, v == ici)
            m.add_hint(self.laisses[r], ici is None)
            if depart is not None and ici is not None:
                presents[QUALITES[0], depart.metier, ici] = len(passage)
                presents[QUALITES[1], depart.certificateur, ici] = len(passage)
        for qualite, siens in self.w.items():
            for (qui, v), b in siens.items():
                m.add_hint(b, (qualite, qui, v) in presents)
                m.add_hint(self.evaluees[qualite, qui, v], presents.get((qualite, qui, v), 0))
        journees = {(qui, self.vacations[v].lieu) for _, qui, v in presents}
        for cle, la in self.las.items():
            m.add_hint(la, cle in journees)
        for qui, trop in self.trops.items():
            charge = self.charges[qui] + sum(n for (_, q, _), n in presents.items() if q == qui)
            m.add_hint(trop, max(0, charge - couts.part(self.instance)))

    def _lire(self, solveur: Any) -> Iterator[Placement]:
        """Les passages de chaque vacation, d'affilée : qui n'est libre qu'au début passe le premier."""
        for v, siens in self.ici.items():
            choisis = [(id(b) not in self.presses.get(v, set()), r) for r, b in siens if solveur.boolean_value(b)]
            if not choisis:
                continue
            metier, certificateur = (
                next(qui for (qui, ou), b in self.w[qualite].items() if ou == v and solveur.boolean_value(b))
                for qualite in QUALITES
            )
            debut = self.vacations[v].plage.debut
            for _, r in sorted(choisis):
                offre = Offre(self.vacations[v].salle.cle, debut, metier, certificateur)
                yield from offre.placements(self.passages[r])
                debut += self.durees[r]


def _ecoute(cp: Any, borne: int, suivi: Suivi) -> Any:
    """Ce que le solveur appelle à chaque plan meilleur."""

    class Ecoute(cp.CpSolverSolutionCallback):  # type: ignore[misc]  # ortools n'est pas typé
        def on_solution_callback(self) -> None:
            if not suivi(int(self.objective_value), borne):
                self.stop_search()

    return Ecoute()
