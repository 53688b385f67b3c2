"""La rangée des compétences attestées, en une qualité ou par les deux."""

from __future__ import annotations

from parchemin.carnet.selectors import Avancement
from parchemin.parcours.enums import Qualite
from parchemin.socle.composants import ATTESTATIONS, RangeePoints


def points_attestes(avancement: Avancement, qualite: Qualite | None = None) -> RangeePoints:
    """Attestées, refusées, attendues ; sans qualité, par les deux."""
    if qualite is None:
        oui, non = avancement.completes, avancement.refusees
    else:
        valeurs = avancement.tuteur if qualite == Qualite.TUTEUR else avancement.manager
        oui, non = valeurs.count(True), valeurs.count(False)
    return RangeePoints(oui, non, avancement.lignes - oui - non, None, ATTESTATIONS)
