"""D'abord les jours : combien de passages, et quels évaluateurs, à chaque tranche ; les noms et les salles viendront après.

C'est le modèle du solveur, desserré : les candidats qui se valent (même poids, même durée, mêmes heures) ne font qu'un compte, les
salles d'une même tranche aussi, et qui est écarté de qui est oublié. Bien plus petit, il se résout souvent à l'optimum : il donne une
borne, et dit où chercher.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import ceil, gcd
from typing import Any

from parchemin.convocations.planificateur import cout as couts
from parchemin.convocations.planificateur.instance import Evaluateur
from parchemin.convocations.planificateur.terrain import QUALITES, Lieu, Qualite, Terrain, Tranche

METHODE = "SCIP"
A_PEU_PRES = 1e-6


@dataclass(frozen=True, slots=True)
class Esquisse:
    """Ce au-dessous de quoi aucun plan du modèle ne descend, et où l'esquisse met chaque évaluateur (vide : aucune trouvée)."""

    borne: int
    personnes: frozenset[tuple[str, Qualite, Tranche]] = frozenset()


@dataclass(slots=True)
class _Classe:
    """Des passages qui se valent."""

    rangs: list[int] = field(default_factory=list)
    ou: dict[Tranche, Any] = field(default_factory=dict)


def esquisser(terrain: Terrain, secondes: float) -> Esquisse:
    """L'esquisse de moindre coût, ou la meilleure trouvée dans ce temps."""
    return _Maitre(terrain).resoudre(secondes)


class _Maitre:
    def __init__(self, terrain: Terrain) -> None:
        from ortools.linear_solver import pywraplp

        self.p = pywraplp
        self.m: Any = pywraplp.Solver.CreateSolver(METHODE)
        self.terrain = terrain
        self.termes: list[Any] = [terrain.deja]
        self.classes: list[_Classe] = []
        self.ici: dict[Tranche, list[tuple[int, Any]]] = defaultdict(list)
        self.tenus: dict[tuple[Tranche, Qualite, int], list[Any]] = defaultdict(list)
        self.presents: dict[tuple[str, Qualite, Tranche], Any] = {}
        self._candidats()
        self._salles()
        for evaluateur in terrain.instance.evaluateurs:
            self._evaluateur(evaluateur)
        self._chacun_sa_paire()
        self._quelqu_un_d_admis()
        self.m.Minimize(sum(self.termes))

    @cached_property
    def pas(self) -> int:
        """Les épreuves vont par passages : tout compte d'épreuves est un multiple de ce pas."""
        return gcd(*map(len, self.terrain.passages)) or 1

    def _entier(self, au_plus: int) -> Any:
        return self.m.IntVar(0, au_plus, "")

    # Les candidats --------------------------------------------------------------------------------------------------

    def _candidats(self) -> None:
        """Un passage unique se compte avec ses semblables ; qui en a plusieurs, ou des épreuves fixées, se suit seul."""
        terrain, seuls = self.terrain, defaultdict(list)
        for cle in terrain.instance.candidat:
            rangs, fixes = terrain.par_candidat.get(cle, []), terrain.jours_fixes.get(cle, set())
            if len(rangs) == 1 and not fixes:
                poids = couts.poids(terrain.instance.candidat[cle])
                tranches = tuple(t for t in terrain.tranches if terrain.du_candidat(rangs[0], t))
                seuls[poids, terrain.durees[rangs[0]], len(terrain.passages[rangs[0]]), tranches].append(rangs[0])
            elif rangs or fixes:
                self._plusieurs(cle, [self._classe([r], self._tranches(r)) for r in rangs], fixes)
        for (poids, _, _, tranches), rangs in seuls.items():
            classe = self._classe(rangs, tranches)
            self.termes += [poids * self._rang_du_jour(tranche) * x for tranche, x in classe.ou.items()]

    def _tranches(self, rang: int) -> Iterable[Tranche]:
        return (t for t in self.terrain.tranches if self.terrain.du_candidat(rang, t))

    def _rang_du_jour(self, tranche: Tranche) -> int:
        return tranche.jour - self.terrain.instance.premier_jour

    def _classe(self, rangs: list[int], tranches: Iterable[Tranche]) -> _Classe:
        """Chacun de ces passages dans une tranche, ou laissé."""
        nombre, taille = len(rangs), len(self.terrain.passages[rangs[0]])
        classe = _Classe(rangs, {t: self._entier(nombre) for t in tranches})
        laisses = self._entier(nombre)
        self.m.Add(sum(classe.ou.values()) + laisses == nombre)
        self.termes.append(couts.LAISSEE * taille * laisses)
        for tranche, x in classe.ou.items():
            self.ici[tranche].append((rangs[0], x))
        self.classes.append(classe)
        return classe

    def _plusieurs(self, cle: str, classes: Sequence[_Classe], fixes: set[Lieu]) -> None:
        """Les jours d'un candidat coupé : chacun compte, et le dernier."""
        premier, poids = self.terrain.instance.premier_jour, couts.poids(self.terrain.instance.candidat[cle])
        lieux = sorted({t.lieu for c in classes for t in c.ou} | fixes)
        dernier = self.m.NumVar(max((j - premier for j, _ in fixes), default=0), self.m.infinity(), "")
        vus = {lieu: self.m.NumVar(float(lieu in fixes), 1, "") for lieu in lieux}
        jours = self.m.NumVar(0, self.m.infinity(), "")
        for classe in classes:
            self.m.Add(dernier >= sum(self._rang_du_jour(t) * x for t, x in classe.ou.items()))
            for lieu in {t.lieu for t in classe.ou}:
                self.m.Add(vus[lieu] >= sum(x for t, x in classe.ou.items() if t.lieu == lieu))
        self.m.Add(jours >= sum(vus.values()) - 1)
        self.termes += [poids * dernier, couts.JOUR_DE_PLUS * jours]

    # Les salles, les évaluateurs ------------------------------------------------------------------------------------

    def _salles(self) -> None:
        """Une tranche a la place de ses salles."""
        court = min(self.terrain.durees, default=1)
        for tranche, siens in self.ici.items():
            salles = len(self.terrain.tranches[tranche])
            self.m.Add(sum(self.terrain.durees[r] * x for r, x in siens) <= salles * tranche.minutes)
            self.m.Add(sum(x for _, x in siens) <= salles * (tranche.minutes // court))

    def _evaluateur(self, evaluateur: Evaluateur) -> None:
        """Une salle à la fois, un site par jour, son maximum, sa part."""
        m, terrain, qui = self.m, self.terrain, evaluateur.cle
        presences: dict[Tranche, list[Any]] = defaultdict(list)
        comptes: dict[Lieu, list[Any]] = defaultdict(list)
        for tranche in self.ici:
            for qualite in QUALITES:
                present, tenus = self._presence(evaluateur, qualite, tranche)
                if tenus:
                    presences[tranche].append(present)
                    comptes[tranche.lieu] += tenus
        self._une_a_la_fois(presences)
        par_jour: dict[int, list[Any]] = defaultdict(list)
        for lieu, siens in comptes.items():
            la = self._entier(1)
            par_jour[lieu[0]].append(la)
            m.Add(sum(siens) <= (terrain.reste(evaluateur, lieu[0]) // self.pas) * la)
            for tranche, presents in presences.items():
                if tranche.lieu == lieu:
                    m.Add(sum(presents) <= la)
            if (qui, lieu) not in terrain.journees:
                self.termes.append(terrain.journee(qui, lieu) * la)
        for las in par_jour.values():
            m.Add(sum(las) <= 1)
        self._surcharge(qui, [n for siens in comptes.values() for n in siens])

    def _presence(self, evaluateur: Evaluateur, qualite: Qualite, tranche: Tranche) -> tuple[Any, list[Any]]:
        """S'il est de cette tranche, et combien il y tient, en pas, passage par passage de même taille ; rien s'il ne le peut."""
        terrain, tenus = self.terrain, []
        libre = terrain.depuis_l_ouverture(evaluateur.cle, evaluateur.libre, tranche)
        reste = terrain.reste(evaluateur, tranche.jour)
        au_plus = {
            taille: combien
            for taille, court in self._courts(evaluateur.cle, qualite, tranche, libre).items()
            if (combien := min(libre // court, reste // taille, len(terrain.passages))) > 0
        }
        if not au_plus:
            return None, []
        present = self.presents[evaluateur.cle, qualite, tranche] = self._entier(1)
        for taille, nombre in au_plus.items():
            combien = present if nombre == 1 and len(au_plus) == 1 else self._entier(nombre)
            if combien is not present:
                self.m.Add(combien <= nombre * present)
            self.tenus[tranche, qualite, taille].append(combien)
            tenus.append((taille // self.pas) * combien)
        return present, tenus

    def _courts(self, qui: str, qualite: Qualite, tranche: Tranche, libre: int) -> dict[int, int]:
        """De chaque taille de passage qu'il peut tenir là, la plus courte durée."""
        durees: dict[int, int] = {}
        for classe in self.classes:
            if tranche not in classe.ou:
                continue
            duree, taille = self.terrain.durees[classe.rangs[0]], len(self.terrain.passages[classe.rangs[0]])
            if duree <= min(libre, durees.get(taille, duree)) and any(
                self.terrain.admet(r, qualite, qui) for r in classe.rangs
            ):
                durees[taille] = duree
        return durees

    def _une_a_la_fois(self, presences: dict[Tranche, list[Any]]) -> None:
        for instant in {t.plage.debut for t in presences}:
            ensemble = [b for t, bs in presences.items() if t.plage.debut <= instant < t.plage.fin for b in bs]
            if len(ensemble) > 1:
                self.m.Add(sum(ensemble) <= 1)

    def _surcharge(self, qui: str, siens: Sequence[Any]) -> None:
        """Ce qui dépasse sa part. Par pas entiers, la première marche se lit d'une seule droite : elle serre la borne."""
        marge = couts.part(self.terrain.instance) - self.terrain.charges[qui]
        trop, pleins = self.m.NumVar(0, self.m.infinity(), ""), marge // self.pas
        self.m.Add(trop >= self.pas * sum(siens) - marge)
        self.m.Add(trop >= (self.pas * (pleins + 1) - marge) * (sum(siens) - pleins))
        self.termes.append(couts.SURCHARGE * trop)

    def _chacun_sa_paire(self) -> None:
        """À chaque tranche, autant de passages tenus en chaque qualité qu'il y en a, taille par taille ; une paire par salle."""
        tailles = {len(passage) for passage in self.terrain.passages}
        for tranche, siens in self.ici.items():
            for qualite in QUALITES:
                for taille in tailles:
                    la = [x for r, x in siens if len(self.terrain.passages[r]) == taille]
                    self.m.Add(sum(self.tenus[tranche, qualite, taille]) == sum(la))
                presents = [b for (_, q, t), b in self.presents.items() if q == qualite and t == tranche]
                self.m.Add(sum(presents) <= len(self.terrain.tranches[tranche]))

    def _quelqu_un_d_admis(self) -> None:
        """Un passage sans semblable n'est que là où quelqu'un peut le tenir, en chaque qualité."""
        for classe in self.classes:
            if len(classe.rangs) == 1:
                for tranche, x in classe.ou.items():
                    for qualite in QUALITES:
                        admis = (
                            b
                            for (qui, q, t), b in self.presents.items()
                            if (q, t) == (qualite, tranche) and self.terrain.admet(classe.rangs[0], qualite, qui)
                        )
                        self.m.Add(x <= sum(admis))

    # Résoudre -------------------------------------------------------------------------------------------------------

    def resoudre(self, secondes: float) -> Esquisse:
        m = self.m
        m.SetTimeLimit(max(1, int(secondes * 1000)))
        etat = m.Solve()
        if etat not in (self.p.Solver.OPTIMAL, self.p.Solver.FEASIBLE):
            return Esquisse(0)
        borne = max(0, ceil(m.Objective().BestBound() - A_PEU_PRES))
        return Esquisse(
            borne,
            frozenset(cle for cle, present in self.presents.items() if _oui(present)),
        )


def _oui(variable: Any) -> bool:
    return bool(variable.solution_value() > 1 / 2)
