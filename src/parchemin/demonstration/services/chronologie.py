"""Rejouer une histoire dans l'ordre : chaque acte à son instant, ses nouvelles remises aussitôt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from parchemin.socle.annonces import ecouler
from parchemin.socle.horloge import PARIS, au_temps_du_recit, jour_civil

VENDREDI = 5

type Geste = Callable[[datetime], object]


@dataclass
class Chronologie:
    """Des actes datés, notés dans n'importe quel ordre, joués dans celui du temps. Aucun n'est à venir."""

    maintenant: datetime
    _actes: list[tuple[datetime, Geste]] = field(default_factory=list)

    def il_y_a(self, jours: int, heure: time) -> datetime:
        """L'instant de ce jour-là à cette heure-là, à Paris (`jours` négatif : à venir).

        Une fin de semaine glisse : au vendredi d'avant si elle est passée, au lundi d'après si elle est à venir.
        """
        jour = jour_civil(self.maintenant) - timedelta(days=jours)
        if (trop := jour.isoweekday() - VENDREDI) > 0 and jours:
            jour += timedelta(days=3 - trop) if jours < 0 else timedelta(days=-trop)
        return datetime.combine(jour, heure, tzinfo=PARIS)

    def noter(self, instant: datetime, geste: Geste) -> None:
        """Note un acte. Un instant à venir est ramené à maintenant : la démonstration peut s'ouvrir de bon matin."""
        self._actes.append((min(instant, self.maintenant), geste))

    def jouer(self) -> int:
        """Joue tous les actes, du plus ancien au plus récent ; à instant égal, dans l'ordre où ils sont notés."""
        for instant, geste in sorted(self._actes, key=lambda acte: acte[0]):
            geste(instant)
            with au_temps_du_recit(instant):
                ecouler()
        return len(self._actes)
