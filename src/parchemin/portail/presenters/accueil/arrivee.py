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
from parchemin.parcours import selectors as parcours
from parchemin.parcours.selectors import VueDossier
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil

EN_PARCOURS_MAX = 60
"""Les dossiers en cours dont on lit le carnet : ceux qui n'ont pas bougé depuis le plus longtemps. Les autres sont dans la liste.

Lire un carnet, c'est lire ses dix-huit lignes et leurs attestations : c'est ce qui coûte sur cette page (`mesurer grandeur`).
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
        """Les dossiers de son périmètre dont le carnet s'atteste, ou dont des épreuves se passent."""
        return parcours.dossiers_ouverts(
            self.acteur, self.jour, EN_PARCOURS_MAX, etats=("en_parcours", "en_evaluation")
        )

    @cached_property
    def avancements(self) -> Mapping[UUID, Avancement]:
        """Où en est le carnet de chacun de ces dossiers en cours."""
        return carnet.avancements(self.acteur, [vue.id for vue in self.en_cours])
