"""Quand et où une épreuve se tient, telle qu'on la convoque : son heure au fuseau du site, sa fin prévue, son lieu."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from parchemin.convocations.selectors.epreuves import VueEpreuve
from parchemin.referentiels.selectors import norme
from parchemin.socle.acteur import Acteur
from parchemin.socle.fuseaux import heure_de
from parchemin.socle.horloge import PARIS, jour_civil
from parchemin.socle.typographie import date_longue, heure, majuscule

MINUTES_PAR_DEFAUT = 60
"""Ce que dure une épreuve dont le référentiel ne dit aucune durée."""


@dataclass(frozen=True, slots=True)
class RendezVous:
    """Une épreuve dans le temps et le lieu. `debut` et `fin` sont des instants ; `fuseau` dit l'heure qu'il y est ; `tenu` : elle n'est pas
    annulée.
    """

    debut: datetime
    fin: datetime
    fuseau: ZoneInfo
    lieu: str
    tenu: bool = True

    @property
    def jour(self) -> date:
        """Le jour de l'épreuve, là où elle se tient."""
        return self.jour_de(self.debut)

    @property
    def horloge(self) -> str:
        """« heure de Guyane », là où l'on n'est pas à l'heure de Paris."""
        return "" if self.fuseau == PARIS else heure_de(self.fuseau.key)

    @property
    def heures(self) -> str:
        """« de 9 h 05 à 9 h 50 », à l'horloge de là où elle se tient."""
        return f"de {heure(self.debut, self.fuseau)} à {heure(self.fin, self.fuseau)}"

    @property
    def quand(self) -> str:
        """« Mardi 24 novembre 2026, de 9 h 05 à 9 h 50 (heure de Guyane) » ; l'horloge se précise hors de Paris."""
        return f"{majuscule(date_longue(self.jour))}, {self.heures}{f' ({self.horloge})' if self.horloge else ''}"

    @property
    def quand_et_ou(self) -> str:
        """« Mardi 24 novembre 2026, de 9 h 05 à 9 h 50. Lieu : Salle 1, Site de Lille. »"""
        return f"{self.quand}. Lieu : {self.lieu}."

    def jour_de(self, instant: datetime) -> date:
        """Le jour qu'il est à cet instant, là où elle se tient : deux jours ne se comparent qu'à une même horloge."""
        return jour_civil(instant, self.fuseau)

    def est_le_jour(self, instant: datetime) -> bool:
        """Vrai le jour dit, là où elle se tient : l'identité s'y contrôle, la présence s'y signe."""
        return self.tenu and self.jour_de(instant) == self.jour


def rendez_vous_de(lecteur: Acteur, epreuves: Iterable[VueEpreuve]) -> dict[UUID, RendezVous]:
    """Le rendez-vous de chacune de ces épreuves, ouvertes au lecteur. Aucune requête, sauf pour celles d'avant que leur durée se compte."""
    return {epreuve.id: rendez_vous(lecteur, epreuve) for epreuve in epreuves}


def rendez_vous(lecteur: Acteur, epreuve: VueEpreuve) -> RendezVous:
    """Le rendez-vous d'une épreuve ouverte au lecteur. La fin est celle qu'elle libère chacun ; à défaut, celle de la norme."""
    fin = epreuve.fin
    if fin is None:
        phases = norme(lecteur, epreuve.norme).bloc(epreuve.bloc).epreuve.phases
        minutes = sum(phase.duree.minutes for phase in phases if phase.duree is not None)
        fin = epreuve.prevue_le + timedelta(minutes=minutes or MINUTES_PAR_DEFAUT)
    return RendezVous(epreuve.prevue_le, fin, epreuve.zone, epreuve.lieu, tenu=epreuve.etat != "annulee")
