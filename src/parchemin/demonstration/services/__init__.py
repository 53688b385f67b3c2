"""Composer la cohorte de démonstration : tout passe par les services des capacités, à l'instant où chaque acte a lieu."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.selectors import organismes
from parchemin.demonstration.selectors import comptes as comptes_ecrits
from parchemin.demonstration.selectors import lire_recit
from parchemin.demonstration.services.aides import raconter_les_aides
from parchemin.demonstration.services.chronologie import Chronologie
from parchemin.demonstration.services.conventions import raconter_conventions
from parchemin.demonstration.services.convocations import raconter_convocations
from parchemin.demonstration.services.dossiers import raconter_dossier
from parchemin.demonstration.services.entrees import raconter_les_entrees
from parchemin.demonstration.services.epreuves import raconter_epreuve
from parchemin.demonstration.services.equivalences import raconter_les_equivalences
from parchemin.demonstration.services.gens import creer_organismes
from parchemin.demonstration.services.imports import raconter_imports
from parchemin.demonstration.services.incidents import raconter_incidents
from parchemin.demonstration.services.independance import raconter_independance
from parchemin.demonstration.services.liens import raconter_les_liens
from parchemin.demonstration.services.lieux import raconter_les_lieux
from parchemin.demonstration.services.mutations import raconter_les_mutations
from parchemin.demonstration.services.papier import raconter_papier
from parchemin.demonstration.services.plans import raconter_un_plan
from parchemin.demonstration.services.regards import raconter_regard
from parchemin.demonstration.services.scene import Scene
from parchemin.demonstration.services.vie import raconter_la_vie
from parchemin.evaluation.tasks import relancer_tous
from parchemin.portail.tasks import tourner
from parchemin.referentiels.fichier import charger
from parchemin.referentiels.selectors import norme
from parchemin.referentiels.services import publier_version
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.annonces import ecouler
from parchemin.socle.horloge import au_temps_du_recit, jour_civil
from parchemin.socle.refus import Refus
from parchemin.socle.services import est_demonstration

RELANCE_DU_MATIN = time(6, 20)


@dataclass(frozen=True, slots=True)
class Cohorte:
    """Ce que `construire` a fait. `nouvelle` est faux si la cohorte était déjà là."""

    nouvelle: bool
    organismes: int
    personnes: int
    dossiers: int
    actes: int


def est_construite() -> bool:
    """Vrai si la cohorte est dans la base."""
    return organismes(SYSTEME, date.max).exists()


@transaction.atomic
def construire(*, maintenant: datetime) -> Cohorte:
    """Compose la cohorte, tout ou rien ; une cohorte déjà là n'est pas touchée.

    Les actes se jouent dans l'ordre du temps, jusqu'à `maintenant`, et leurs nouvelles sont remises aussitôt.
    Lève `Refus("base_non_marquee")` si la base n'est pas marquée « démonstration ».
    """
    recit = lire_recit()
    if not est_demonstration():
        raise Refus("base_non_marquee", "Cette base n'est pas marquée « démonstration » : la cohorte n'y entre pas.")
    if organismes(SYSTEME, jour_civil(maintenant)).exists():
        return Cohorte(False, len(recit.organismes), len(recit.personnes), len(recit.dossiers), 0)
    chronologie = Chronologie(maintenant)
    installation = chronologie.il_y_a(recit.installation, time(9))
    version = publier_version(fichier=charger(recit.referentiel), auteur=SYSTEME, maintenant=installation).version
    scene = Scene(
        recit, chronologie, creer_organismes(recit, installation), norme(SYSTEME, version.empreinte), version.empreinte
    )
    for cle, ecrite in recit.personnes.items():
        if ecrite.role != NatureRole.CANDIDAT:  # un candidat entre avec son dossier
            scene.accueillir(cle, installation)
    for ecrit in recit.dossiers:
        raconter_dossier(scene, ecrit)
        for epreuve in ecrit.epreuves:
            raconter_epreuve(scene, ecrit, epreuve)
    raconter_conventions(scene)
    raconter_la_vie(scene)
    raconter_regard(scene)
    raconter_les_liens(scene)
    raconter_les_lieux(scene)
    raconter_un_plan(scene)
    raconter_les_entrees(scene)
    raconter_les_equivalences(scene)
    raconter_les_mutations(scene)
    raconter_independance(scene)
    for jours in (1, 0):  # la relance du matin, comme la tâche la fait ; qui n'est pas en retard ne reçoit rien
        chronologie.noter(chronologie.il_y_a(jours, RELANCE_DU_MATIN), relancer_tous)
    raconter_imports(scene)
    raconter_convocations(scene)
    raconter_incidents(scene)
    raconter_les_aides(scene)
    raconter_papier(scene)
    actes = chronologie.jouer()
    tourner(maintenant)  # le courriel du jour de chacun, sans attendre demain matin
    with au_temps_du_recit(maintenant):
        ecouler()
    return Cohorte(True, len(scene.organismes), len(scene.personnes), len(scene.dossiers), actes)


def comptes() -> list[dict[str, Any]]:
    """Les comptes de la démonstration, en objets JSON : `courriel`, `mot_de_passe`, `role`, `a_voir`."""
    return [dict(compte.en_json()) for compte in comptes_ecrits()]
