"""Une horloge : un jour de départ, un dernier jour, ce qui l'arrête, ce qui la suspend. Des jours civils, jamais d'heure.

Le dernier jour compte encore : une horloge n'est échue que le lendemain. Un jour suspendu ne compte pas : il repousse la fin
d'autant ; le jour de la reprise compte de nouveau.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

UN_JOUR = timedelta(days=1)

type Suspension = tuple[date, date | None]
"""Du premier jour suspendu au jour de la reprise ; `None` : rien ne l'a encore levée."""


class GenreHorloge(StrEnum):
    """Ce que compte une horloge."""

    RECEVABILITE = "recevabilite"
    CADUCITE = "caducite"
    JURY = "jury"
    RESULTAT = "resultat"


class EtatHorloge(StrEnum):
    """Où en est une horloge, un jour donné."""

    EN_COURS = "en_cours"
    SUSPENDUE = "suspendue"
    ECHUE = "echue"
    TENUE = "tenue"
    TARDIVE = "tardive"


@dataclass(frozen=True, slots=True)
class Horloge:
    """Une horloge partie. `echeance` : son dernier jour, `None` tant qu'elle est suspendue ; `arret` : ce jour-là, c'est fait."""

    genre: GenreHorloge
    depart: date
    echeance: date | None
    arret: date | None = None

    def restent(self, jour: date) -> int | None:
        """Les jours qui restent : 0 le dernier jour, négatif ensuite ; `None` si elle est arrêtée ou suspendue."""
        if self.arret is not None or self.echeance is None:
            return None
        return (self.echeance - jour).days

    def etat(self, jour: date) -> EtatHorloge:
        """Où elle en est, vue de ce jour."""
        if self.arret is not None:
            a_temps = self.echeance is None or self.arret <= self.echeance
            return EtatHorloge.TENUE if a_temps else EtatHorloge.TARDIVE
        if self.echeance is None:
            return EtatHorloge.SUSPENDUE
        return EtatHorloge.ECHUE if jour > self.echeance else EtatHorloge.EN_COURS


def repousser(depart: date, echeance: date, suspensions: Iterable[Suspension]) -> date | None:
    """Le dernier jour, les jours suspendus ôtés ; `None` si une suspension court encore.

    Le jour du départ ne compte pas, et une suspension qui commence après le dernier jour ne rouvre rien. Deux suspensions qui
    se chevauchent n'ôtent leurs jours qu'une fois.
    """
    place = depart + UN_JOUR
    for de, a in sorted(suspensions, key=lambda suspension: suspension[0]):
        debut = max(de, place)
        if debut <= echeance:
            if a is None:
                return None
            echeance += max(a - debut, timedelta())
            place = max(place, a)
    return echeance
