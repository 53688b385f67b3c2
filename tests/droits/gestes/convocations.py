"""Les épreuves : planifier, affecter, annuler."""

from __future__ import annotations

from uuid import UUID

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Role
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations.tests import factories as convocations
from parchemin.socle.acteur import Acteur
from tests.droits.gestes.commun import Adresse, Geste
from tests.droits.monde import Caisse

PLANIFIEES: dict[UUID, UUID] = {}


EVALUATEURS: dict[UUID, tuple[Acteur, Acteur]] = {}


def paire(caisse: Caisse) -> tuple[Acteur, Acteur]:
    """Les deux évaluateurs de la caisse, ou deux autres si leur rôle est fini : on n'affecte plus qui ne l'est plus."""
    paire = (caisse.metier, caisse.certificateur)
    if not Role.objects.filter(personne_id=caisse.metier.id, au=None).exists():
        paire = (
            comptes.avec_role(NatureRole.EVALUATEUR_METIER),
            comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR),
        )
    EVALUATEURS[caisse.dossier] = paire
    return paire


def planifier(caisse: Caisse) -> None:
    """L'épreuve du bloc 1, affectée."""
    PLANIFIEES[caisse.dossier] = convocations.salle("B1", monde=caisse.monde, paire=paire(caisse)).epreuve


def planifiee(caisse: Caisse) -> Adresse:
    return {"identifiant": PLANIFIEES[caisse.dossier]}


RELEVES: dict[UUID, tuple[Acteur, Acteur]] = {}


def planifier_avec_releve(caisse: Caisse) -> None:
    """La même, et deux autres évaluateurs possibles."""
    planifier(caisse)
    RELEVES[caisse.dossier] = (
        comptes.avec_role(NatureRole.EVALUATEUR_METIER),
        comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR),
    )


GESTES: dict[str, Geste] = {
    "convocations:liste": Geste(),
    "convocations:planifier": Geste(
        lambda caisse: {"dossier": caisse.dossier, "bloc": "B1"},
        lambda *_: {"prevue_le_0": "2026-12-01", "prevue_le_1": "09:00", "lieu": "Plateau 3"},
    ),
    "convocations:affecter": Geste(
        planifiee,
        lambda caisse, _: dict(zip(("metier", "certificateur"), (a.id for a in RELEVES[caisse.dossier]), strict=True)),
        avant=planifier_avec_releve,
    ),
    "convocations:deplacer": Geste(
        planifiee,
        lambda *_: {"prevue_le_0": "2026-12-02", "prevue_le_1": "10:00", "lieu": "Plateau 4"},
        avant=planifier,
    ),
    "convocations:annuler": Geste(planifiee, lambda *_: {"motif": "Salle fermée."}, avant=planifier),
}
