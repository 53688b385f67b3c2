"""Les formes du planificateur : figées, sans avis. Tout instant est en minutes depuis 1970 (UTC), toute durée en minutes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

TRAJET_INCONNU = 12 * 60
"""Entre deux sites dont le trajet n'est pas dit : trop long pour un même jour."""


@dataclass(frozen=True, slots=True, order=True)
class Plage:
    """De `debut` (compris) à `fin` (non comprise)."""

    debut: int
    fin: int

    def contient(self, autre: Plage) -> bool:
        """Vrai si l'autre y tient tout entière."""
        return self.debut <= autre.debut and autre.fin <= self.fin

    def touche(self, autre: Plage) -> bool:
        """Vrai si les deux ont un instant en commun."""
        return self.debut < autre.fin and autre.debut < self.fin


@dataclass(frozen=True, slots=True)
class Ouverture:
    """Une salle est ouverte de telle heure à telle heure ; `jour` : le jour civil de son site (`date.toordinal`)."""

    plage: Plage
    jour: int


@dataclass(frozen=True, slots=True)
class Salle:
    """Une salle d'un site, et quand on peut y juger."""

    cle: str
    site: str
    ouvertures: tuple[Ouverture, ...]


@dataclass(frozen=True, slots=True)
class Engagement:
    """Ce qui occupe déjà quelqu'un ou une salle : une épreuve d'un autre plan. `site` : où, s'il est connu."""

    plage: Plage
    jour: int
    site: str | None = None


@dataclass(frozen=True, slots=True)
class Evaluateur:
    """Qui évalue : d'où il part, quand il est libre, combien d'épreuves au plus par jour, ce qui l'occupe déjà."""

    cle: str
    libre: tuple[Plage, ...]
    maximum: int
    base: str | None = None
    engagements: tuple[Engagement, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidat:
    """Qui est évalué. `attente` : depuis combien de jours. `libre` : ses heures de travail (`None` : toutes)."""

    cle: str
    attente: int = 0
    libre: tuple[Plage, ...] | None = None
    engagements: tuple[Engagement, ...] = ()


@dataclass(frozen=True, slots=True)
class AJuger:
    """Une épreuve à placer : sa durée (aménagements compris), et qui la barrière admet en chaque qualité."""

    cle: str
    candidat: str
    bloc: str
    duree: int
    metiers: frozenset[str]
    certificateurs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Placement:
    """Une épreuve, sa salle, son début, ses deux évaluateurs."""

    epreuve: str
    salle: str
    debut: int
    metier: str
    certificateur: str


@dataclass(frozen=True)
class Instance:
    """Ce qu'il y a à placer, et avec quoi. `occupees` : ce qui tient déjà chaque salle."""

    salles: tuple[Salle, ...]
    evaluateurs: tuple[Evaluateur, ...]
    candidats: tuple[Candidat, ...]
    epreuves: tuple[AJuger, ...]
    trajets: Mapping[frozenset[str], int] = field(default_factory=dict)
    occupees: Mapping[str, tuple[Plage, ...]] = field(default_factory=dict)

    @cached_property
    def salle(self) -> Mapping[str, Salle]:
        """Les salles, par clé."""
        return {s.cle: s for s in self.salles}

    @cached_property
    def evaluateur(self) -> Mapping[str, Evaluateur]:
        """Les évaluateurs, par clé."""
        return {e.cle: e for e in self.evaluateurs}

    @cached_property
    def candidat(self) -> Mapping[str, Candidat]:
        """Les candidats, par clé."""
        return {c.cle: c for c in self.candidats}

    @cached_property
    def epreuve(self) -> Mapping[str, AJuger]:
        """Les épreuves, par clé."""
        return {e.cle: e for e in self.epreuves}

    @cached_property
    def premier_jour(self) -> int:
        """Le premier jour où une salle est ouverte ; 0 s'il n'y en a pas."""
        return min((o.jour for s in self.salles for o in s.ouvertures), default=0)

    def trajet(self, de: str | None, vers: str | None) -> int:
        """Les minutes d'un site à l'autre ; zéro si l'un des deux n'est pas connu."""
        if de is None or vers is None or de == vers:
            return 0
        return self.trajets.get(frozenset((de, vers)), TRAJET_INCONNU)

    def plage(self, placement: Placement) -> Plage:
        """Quand se tient une épreuve placée."""
        return Plage(placement.debut, placement.debut + self.epreuve[placement.epreuve].duree)

    def jour(self, salle: str, plage: Plage) -> int | None:
        """Le jour civil, au site, de l'ouverture où tient cette plage ; `None` si aucune ne la contient."""
        return next((o.jour for o in self.salle[salle].ouvertures if o.plage.contient(plage)), None)


def hors_de(libres: Iterable[Plage], horizon: Plage) -> tuple[Plage, ...]:
    """Le complément, dans l'horizon, de plages libres."""
    trous, courant = [], horizon.debut
    for plage in sorted(libres):
        if plage.debut > courant:
            trous.append(Plage(courant, min(plage.debut, horizon.fin)))
        courant = max(courant, plage.fin)
        if courant >= horizon.fin:
            break
    if courant < horizon.fin:
        trous.append(Plage(courant, horizon.fin))
    return tuple(trou for trou in trous if trou.debut < trou.fin)


def reunies(plages: Iterable[Plage]) -> tuple[Plage, ...]:
    """Les mêmes instants, en plages disjointes et dans l'ordre ; deux plages qui se touchent n'en font qu'une."""
    faites: list[Plage] = []
    for plage in sorted(plages):
        if faites and plage.debut <= faites[-1].fin:
            faites[-1] = Plage(faites[-1].debut, max(faites[-1].fin, plage.fin))
        else:
            faites.append(plage)
    return tuple(faites)
