"""Un plan tout de suite : qui attend depuis le plus longtemps d'abord, ses épreuves d'affilée, les évaluateurs les moins chargés.

Un *passage* est une suite d'épreuves d'un même candidat, dans une salle, devant les deux mêmes évaluateurs, sans trou. Le glouton
cherche d'abord un seul passage ; s'il n'y en a pas, il coupe en deux, jusqu'à une épreuve à la fois.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

from parchemin.convocations.planificateur.cout import JOURNEE, SURCHARGE, aller_retour, part
from parchemin.convocations.planificateur.instance import (
    AJuger,
    Engagement,
    Instance,
    Ouverture,
    Placement,
    Plage,
    Salle,
)

type Passage = tuple[AJuger, ...]


@dataclass(frozen=True, slots=True)
class Offre:
    """Où et quand un passage tient, et devant qui."""

    salle: str
    debut: int
    metier: str
    certificateur: str

    def placements(self, passage: Passage) -> tuple[Placement, ...]:
        """Les épreuves du passage, l'une après l'autre."""
        poses, debut = [], self.debut
        for epreuve in passage:
            poses.append(Placement(epreuve.cle, self.salle, debut, self.metier, self.certificateur))
            debut += epreuve.duree
        return tuple(poses)


def planifier(instance: Instance, fixes: Iterable[Placement] = ()) -> tuple[Placement, ...]:
    """Un plan sans défaut ; `fixes`, déjà sans défaut entre eux, y restent tels quels. Ce qui n'y tient pas n'y est pas."""
    chantier = Chantier(instance, fixes)
    deja = {p.epreuve for p in chantier.plan}
    par_candidat: dict[str, list[AJuger]] = defaultdict(list)
    for epreuve in sorted(instance.epreuves, key=lambda e: (e.bloc, e.cle)):
        if epreuve.cle not in deja:
            par_candidat[epreuve.candidat].append(epreuve)
    for candidat in sorted(par_candidat, key=lambda cle: (-instance.candidat[cle].attente, cle)):
        chantier.placer(tuple(par_candidat[candidat]))
    return tuple(chantier.plan)


def passages(instance: Instance, plan: Sequence[Placement]) -> tuple[Passage, ...]:
    """Les passages d'un plan : ses épreuves d'affilée, d'un même candidat, au même lieu, devant les mêmes personnes."""
    suites: list[list[Placement]] = []
    for placement in sorted(plan, key=lambda p: (instance.epreuve[p.epreuve].candidat, p.debut)):
        avant = suites[-1][-1] if suites else None
        if (
            avant is not None
            and instance.epreuve[avant.epreuve].candidat == instance.epreuve[placement.epreuve].candidat
            and instance.plage(avant).fin == placement.debut
            and (avant.salle, avant.metier, avant.certificateur)
            == (placement.salle, placement.metier, placement.certificateur)
        ):
            suites[-1].append(placement)
        else:
            suites.append([placement])
    return tuple(tuple(instance.epreuve[p.epreuve] for p in suite) for suite in suites)


class Chantier:
    """Un plan qui se remplit : ce qui est tenu, par salle et par personne."""

    def __init__(self, instance: Instance, fixes: Iterable[Placement] = ()) -> None:
        self.instance = instance
        self.plan: list[Placement] = []
        self.tenues: dict[str, list[Engagement]] = defaultdict(list)
        self.tenues.update({e.cle: list(e.engagements) for e in instance.evaluateurs})
        self.tenues.update({c.cle: list(c.engagements) for c in instance.candidats})
        self.salles: dict[str, list[Plage]] = {s.cle: list(instance.occupees.get(s.cle, ())) for s in instance.salles}
        self.charges = Counter({e.cle: len(e.engagements) for e in instance.evaluateurs})
        self.part = part(instance)
        self.ouvertures = sorted(
            ((o, s) for s in instance.salles for o in s.ouvertures), key=lambda os: (os[0].jour, os[0].plage, os[1].cle)
        )
        for placement in fixes:
            self.poser(placement)

    def placer(self, passage: Passage) -> None:
        """Le passage entier si une offre existe ; sinon deux moitiés, chacune pour soi."""
        offre = self.offre(passage)
        if offre is not None:
            for placement in offre.placements(passage):
                self.poser(placement)
        elif len(passage) > 1:
            milieu = (len(passage) + 1) // 2
            self.placer(passage[:milieu])
            self.placer(passage[milieu:])

    def poser(self, placement: Placement) -> None:
        """Pose une épreuve, sans rien vérifier."""
        plage, salle = self.instance.plage(placement), self.instance.salle[placement.salle]
        jour = self.instance.jour(placement.salle, plage)
        tenue = Engagement(plage, self.instance.premier_jour if jour is None else jour, salle.site)
        self.plan.append(placement)
        self.salles[placement.salle].append(plage)
        for qui in (placement.metier, placement.certificateur, self.instance.epreuve[placement.epreuve].candidat):
            self.tenues[qui].append(tenue)
        self.charges.update((placement.metier, placement.certificateur))

    def offre(self, passage: Passage) -> Offre | None:
        """La meilleure offre du premier jour où il y en a une ; `None` si le passage ne tient nulle part."""
        jour, retenues = None, []
        for ouverture, salle in self.ouvertures:
            if jour is not None and ouverture.jour > jour:
                break
            for debut in self._debuts(passage, ouverture, salle):
                trouvee = self._devant(passage, ouverture.jour, salle, debut)
                if trouvee is not None:
                    jour = ouverture.jour
                    retenues.append(trouvee)
        return min(retenues, key=lambda r: (r[0], r[1].debut, r[1].salle))[1] if retenues else None

    def _debuts(self, passage: Passage, ouverture: Ouverture, salle: Salle) -> Iterator[int]:
        """Les débuts utiles : l'ouverture, et la fin de chaque chose qui gêne."""
        duree = sum(e.duree for e in passage)
        candidat = self.instance.candidat[passage[0].candidat]
        tenues = self.tenues[candidat.cle]
        butees = {
            ouverture.plage.debut,
            *(p.fin for p in self.salles[salle.cle]),
            *(t.plage.fin + self.instance.trajet(t.site, salle.site) for t in tenues),
            *(p.debut for p in candidat.libre or ()),
            *(p.debut for e in self._admis(passage) for p in self.instance.evaluateur[e].libre),
        }
        for debut in sorted(butees):
            plage = Plage(debut, debut + duree)
            if (
                ouverture.plage.contient(plage)
                and not any(plage.touche(p) for p in self.salles[salle.cle])
                and (candidat.libre is None or any(libre.contient(plage) for libre in candidat.libre))
                and self._peut_venir(candidat.cle, plage, salle.site)
            ):
                yield debut

    def _devant(self, passage: Passage, jour: int, salle: Salle, debut: int) -> tuple[int, Offre] | None:
        """La paire d'évaluateurs la moins coûteuse pour ce passage, là et alors, avec ce qu'elle coûte."""
        plage = Plage(debut, debut + sum(e.duree for e in passage))
        listes = [
            sorted(
                (self._prix(qui, jour, salle, len(passage)), qui)
                for qui in _communs(admis)
                if qui != passage[0].candidat and self._libre(qui, plage, jour, salle.site, len(passage))
            )
            for admis in ([e.metiers for e in passage], [e.certificateurs for e in passage])
        ]
        paires = [(a + b, m, c) for a, m in listes[0][:2] for b, c in listes[1][:2] if m != c]
        if not paires:
            return None
        prix, metier, certificateur = min(paires)
        return prix, Offre(salle.cle, debut, metier, certificateur)

    def _admis(self, passage: Passage) -> frozenset[str]:
        connus = _communs([e.metiers for e in passage]) | _communs([e.certificateurs for e in passage])
        return connus & self.instance.evaluateur.keys()

    def _libre(self, qui: str, plage: Plage, jour: int, site: str, combien: int) -> bool:
        evaluateur = self.instance.evaluateur.get(qui)
        return (
            evaluateur is not None
            and any(libre.contient(plage) for libre in evaluateur.libre)
            and sum(t.jour == jour for t in self.tenues[qui]) + combien <= evaluateur.maximum
            and self._peut_venir(qui, plage, site)
        )

    def _peut_venir(self, qui: str, plage: Plage, site: str) -> bool:
        """Vrai si rien n'occupe cette personne alors, et qu'elle a le temps d'aller et venir."""
        for tenue in self.tenues[qui]:
            route = self.instance.trajet(tenue.site, site)
            if plage.debut < tenue.plage.fin + route and tenue.plage.debut < plage.fin + route:
                return False
        return True

    def _prix(self, qui: str, jour: int, salle: Salle, combien: int) -> int:
        """Ce que coûterait une journée de plus ici, et la part dépassée ; à prix égal, le moins chargé (le nom départage)."""
        la = any(t.jour == jour and t.site == salle.site for t in self.tenues[qui])
        journee = 0 if la else JOURNEE + aller_retour(self.instance, qui, salle.site)
        surcharge = max(0, self.charges[qui] + combien - self.part) - max(0, self.charges[qui] - self.part)
        return 1_000 * (journee + SURCHARGE * surcharge) + self.charges[qui]


def _communs(ensembles: Sequence[frozenset[str]]) -> frozenset[str]:
    """Qui est admis partout."""
    return reduce(frozenset.intersection, ensembles)
