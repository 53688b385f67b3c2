"""Ce que chaque acte du récit a sous la main : les gens, le référentiel, le temps, le hasard (graine fixe)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from uuid import UUID

from moteur.referentiel import Referentiel
from parchemin.demonstration.selectors.recit import Recit
from parchemin.demonstration.services.chronologie import Chronologie
from parchemin.demonstration.services.gens import accueillir
from parchemin.socle.acteur import Acteur

GRAINE = 20_261_124
OUVERTURE, MINUTES_DE_BUREAU = time(9), 8 * 60


@dataclass(frozen=True, slots=True)
class Scene:
    """`personnes`, `dossiers`, `epreuves` et `imports` se remplissent à mesure que le récit se joue."""

    recit: Recit
    chronologie: Chronologie
    organismes: dict[str, UUID]
    arbre: Referentiel
    norme: str
    hasard: Random = field(default_factory=lambda: Random(GRAINE))  # noqa: S311 : du vraisemblable, rien de secret
    personnes: dict[str, Acteur] = field(default_factory=dict)
    dossiers: dict[str, UUID] = field(default_factory=dict)
    epreuves: dict[tuple[str, str], UUID] = field(default_factory=dict)
    imports: dict[str, UUID] = field(default_factory=dict)

    def accueillir(self, cle: str, maintenant: datetime) -> None:
        """Fait entrer une personne du récit."""
        self.personnes[cle] = accueillir(
            self.recit.personnes[cle],
            mot_de_passe=self.recit.mot_de_passe,
            organismes=self.organismes,
            maintenant=maintenant,
        )

    def aux_heures_de_bureau(self, jours: int) -> datetime:
        """Un instant vraisemblable, il y a tant de jours."""
        return self.chronologie.il_y_a(jours, OUVERTURE) + timedelta(minutes=self.hasard.randrange(MINUTES_DE_BUREAU))
