"""D'une semaine type à des plages de temps : heures d'un site, heures d'une personne, exceptions.

Les heures se disent à l'horloge d'un fuseau ; les plages sont en minutes depuis 1970 (UTC) : le même « 9 h » du lundi change
d'instant quand l'heure change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from parchemin.convocations.planificateur.instance import Ouverture, Plage, hors_de, reunies


@dataclass(frozen=True, slots=True, order=True)
class Heures:
    """Un jour de la semaine (1 : lundi … 7 : dimanche), de `de` (compris) à `a` (non compris), à l'horloge d'un lieu."""

    jour: int
    de: time
    a: time


@dataclass(frozen=True, slots=True)
class Ecart:
    """Une plage où l'on est libre, ou pris, quoi que dise la semaine."""

    plage: Plage
    libre: bool


def en_minutes(instant: datetime) -> int:
    """L'instant, en minutes depuis 1970 (UTC), la minute entamée comptée."""
    return int(instant.timestamp() // 60)


def defaut_de_semaine(heures: Iterable[Heures]) -> str | None:
    """Ce qui cloche dans une semaine type : « jour_inconnu », « heures_a_l_envers », « heures_croisees » ; `None` si rien."""
    vues: list[Heures] = []
    for une in sorted(heures):
        if not 1 <= une.jour <= 7:
            return "jour_inconnu"
        if une.de >= une.a:
            return "heures_a_l_envers"
        if vues and vues[-1].jour == une.jour and une.de < vues[-1].a:
            return "heures_croisees"
        vues.append(une)
    return None


def ouvertures(heures: Iterable[Heures], zone: ZoneInfo, du: date, au: date) -> tuple[Ouverture, ...]:
    """Les ouvertures d'une semaine type du jour `du` au jour `au`, tous deux compris, dans l'ordre."""
    semaine = tuple(heures)
    return tuple(
        Ouverture(Plage(_minutes(jour, une.de, zone), _minutes(jour, une.a, zone)), jour.toordinal())
        for jour in _jours(du, au)
        for une in sorted(semaine)
        if une.jour == jour.isoweekday()
    )


def journees(zone: ZoneInfo, du: date, au: date) -> tuple[Ouverture, ...]:
    """Chaque jour tout entier, pour ce dont on ne connaît pas les heures."""
    return tuple(
        Ouverture(
            Plage(_minutes(jour, time(), zone), _minutes(jour + timedelta(days=1), time(), zone)), jour.toordinal()
        )
        for jour in _jours(du, au)
    )


def libre(
    heures: Sequence[Heures], exceptions: Iterable[Ecart], zone: ZoneInfo, du: date, au: date
) -> tuple[Plage, ...]:
    """Quand une personne est libre du jour `du` au jour `au` : sa semaine (toute heure, si elle n'en a rien dit), moins ce qui
    la prend, plus ce qu'elle ouvre. D'une plage dite libre et prise, c'est prise qui l'emporte.
    """
    base = ouvertures(heures, zone, du, au) if heures else journees(zone, du, au)
    connues = tuple(exceptions)
    ouvertes = reunies([*(o.plage for o in base), *(e.plage for e in connues if e.libre)])
    horizon = Plage(_minutes(du, time(), zone), _minutes(au + timedelta(days=1), time(), zone))
    fermees = hors_de(ouvertes, horizon)
    return hors_de(reunies([*fermees, *(e.plage for e in connues if not e.libre)]), horizon)


def _jours(du: date, au: date) -> Iterable[date]:
    return (date.fromordinal(rang) for rang in range(du.toordinal(), au.toordinal() + 1))


def _minutes(jour: date, a: time, zone: ZoneInfo) -> int:
    """L'instant d'une heure locale ; la première des deux quand elle passe deux fois, celle d'après le saut quand elle n'existe pas."""
    return en_minutes(datetime.combine(jour, a, tzinfo=zone).astimezone(UTC))
