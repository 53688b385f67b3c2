"""Qui arrive à son accueil, quand, avec quels droits ; et ce que plusieurs rôles lisent, lu une seule fois."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from parchemin.carnet import selectors as carnet
from parchemin.carnet.selectors import Avancement
from parchemin.comptes.selectors import Droits
from parchemin.convocations import selectors as epreuves
from parchemin.parcours import selectors as parcours
from parchemin.parcours.selectors import VueDossier
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil

EN_PARCOURS_MAX = 46
"""Les dossiers en cours dont on lit le carnet : ceux où rien n'a bougé depuis le plus longtemps. Les autres sont dans la liste.

Un de plus que ce que la page montre, les choses à faire et celles des autres réunies (`page.MIENNES_MAX`, `page.AUTRES_MAX`). Lire un carnet, c'est lire ses dix-huit lignes et leurs attestations : c'est ce qui coûte sur cette page (`mesurer grandeur`).
"""
INSCRITS_MAX = 31
"""Un de plus que ce que la page montre : elle sait ainsi qu'il y a une suite."""


@dataclass(frozen=True)
class Arrivee:
    """Une personne devant son accueil."""

    acteur: Acteur
    droits: Droits
    maintenant: datetime

    @property
    def jour(self) -> date:
        """Le jour civil, à Paris."""
        return jour_civil(self.maintenant)

    @cached_property
    def inscrits(self) -> tuple[VueDossier, ...]:
        """Les dossiers de son périmètre qui attendent un tuteur et un manager."""
        return parcours.dossiers_ouverts(self.acteur, self.jour, INSCRITS_MAX, etats=("inscrit",))

    @cached_property
    def en_cours(self) -> tuple[VueDossier, ...]:
        """Les dossiers de son périmètre à qui il reste un bloc à attester ou à planifier, le dernier geste le plus ancien d'abord."""
        restent = epreuves.dossiers_a_planifier(self.acteur, self.jour).filter(etat__in=parcours.CARNET_OUVERT)
        return carnet.sans_geste_d_abord(self.acteur, restent, EN_PARCOURS_MAX)

    @cached_property
    def geles(self) -> tuple[VueDossier, ...]:
        """Les dossiers de son périmètre que gèle une répudiation : tous, ils sont rares et n'attendent pas."""
        return carnet.dossiers_geles(self.acteur, self.jour)

    @cached_property
    def avancements(self) -> Mapping[UUID, Avancement]:
        """Où en est le carnet de chacun de ces dossiers en cours."""
        return carnet.avancements(self.acteur, [vue.id for vue in self.en_cours])
