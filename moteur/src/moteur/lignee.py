"""La lignée hiérarchique d'une personne : qui est au-dessus d'elle et au-dessous, de proche en proche, et quand.

Un rattachement vaut du jour `du` au jour `au` non compris ; `None` : sans borne de ce côté. Une chaîne ne vaut que les
jours où tous ses maillons valent ensemble. Des rattachements en boucle (des saisies fausses) ne font jamais tourner sans fin.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Periode:
    """Des jours qui se suivent : de `du` compris à `au` non compris."""

    du: date | None = None
    au: date | None = None

    def contient(self, jour: date) -> bool:
        """Vrai si ce jour en est."""
        return (self.du is None or self.du <= jour) and (self.au is None or jour < self.au)

    def couvre(self, autre: Periode) -> bool:
        """Vrai si tous les jours de l'autre en sont."""
        commence = self.du is None or (autre.du is not None and self.du <= autre.du)
        finit = self.au is None or (autre.au is not None and autre.au <= self.au)
        return commence and finit

    def commune(self, autre: Periode) -> Periode | None:
        """Les jours communs aux deux ; `None` s'il n'y en a aucun."""
        du = max((borne for borne in (self.du, autre.du) if borne is not None), default=None)
        au = min((borne for borne in (self.au, autre.au) if borne is not None), default=None)
        return None if du is not None and au is not None and du >= au else Periode(du, au)


@dataclass(frozen=True, slots=True)
class Rattachement:
    """`agent` est encadré par `responsable`, pendant cette période."""

    agent: str
    responsable: str
    periode: Periode


@dataclass(frozen=True, slots=True)
class Rang:
    """Une place dans la lignée : `degre` 1 pour N+1, 2 pour N+2… ; négatif au-dessous."""

    personne: str
    degre: int
    periode: Periode


def lignee(rattachements: Collection[Rattachement], personne: str) -> tuple[Rang, ...]:
    """Toutes les places de la lignée, le degré le plus proche d'abord, le dessus avant le dessous.

    Une même personne peut y être plusieurs fois (à des périodes, ou à des degrés différents) ; une place dont la période
    est couverte par une autre, de la même personne et au moins aussi proche, n'est pas redite.
    """
    dessus = _remonter(rattachements, personne, lambda maillon: (maillon.agent, maillon.responsable))
    dessous = _remonter(rattachements, personne, lambda maillon: (maillon.responsable, maillon.agent))
    return (*dessus, *(Rang(rang.personne, -rang.degre, rang.periode) for rang in dessous))


def _remonter(
    rattachements: Collection[Rattachement], personne: str, sens: Callable[[Rattachement], tuple[str, str]]
) -> list[Rang]:
    suivants: dict[str, list[tuple[str, Periode]]] = {}
    for maillon in rattachements:
        bas, haut = sens(maillon)
        suivants.setdefault(bas, []).append((haut, maillon.periode))
    trouves = [Rang(personne, 0, Periode())]
    places = {personne: [trouves[0]]}
    for rang in trouves:  # la liste s'allonge pendant qu'on la lit : degré par degré
        for haut, periode in suivants.get(rang.personne, ()):
            commune = rang.periode.commune(periode)
            siennes = places.setdefault(haut, [])
            if commune is None or any(place.periode.couvre(commune) for place in siennes):
                continue
            trouves.append(Rang(haut, rang.degre + 1, commune))
            siennes.append(trouves[-1])
    return [rang for rang in trouves[1:] if not any(_redit(rang, autre) for autre in places[rang.personne])]


def _redit(rang: Rang, autre: Rang) -> bool:
    """Vrai si `rang` n'ajoute rien à `autre`, de la même personne, trouvé au même degré (plus près, il n'y serait pas)."""
    return autre is not rang and autre.degre == rang.degre and autre.periode.couvre(rang.periode)
