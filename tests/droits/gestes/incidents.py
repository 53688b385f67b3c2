"""Ce qui suspend une épreuve."""

from __future__ import annotations

from parchemin.convocations.tests.factories import JOUR
from parchemin.socle.acteur import SYSTEME
from tests.droits.gestes.commun import Geste
from tests.droits.gestes.convocations import PLANIFIEES, planifiee, planifier
from tests.droits.monde import Caisse


def _suspendre(caisse: Caisse) -> None:
    from parchemin.convocations.enums import GenreIncident
    from parchemin.convocations.services import signaler_incident

    planifier(caisse)
    signaler_incident(
        epreuve=PLANIFIEES[caisse.dossier],
        genre=GenreIncident.PANNE,
        motif="Plus de réseau.",
        auteur=SYSTEME,
        maintenant=JOUR,
    )


GESTES: dict[str, Geste] = {
    "convocations:signaler": Geste(
        planifiee, lambda *_: {"genre": "panne", "motif": "Plus de réseau."}, avant=planifier
    ),
    "convocations:suite": Geste(
        planifiee, lambda *_: {"suite": "reprendre", "motif": "Le réseau est revenu."}, avant=_suspendre
    ),
}
