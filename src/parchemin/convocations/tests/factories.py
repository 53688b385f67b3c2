"""Des épreuves légales : planifiées sur un carnet complet, affectées à deux évaluateurs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from parchemin.carnet.tests import factories as carnet
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import services
from parchemin.convocations.enums import COURRIEL, GenreDeclare
from parchemin.convocations.models import Occupation
from parchemin.convocations.planificateur.semaine import Heures
from parchemin.convocations.selectors import VueConvocation, convocation_de, convocation_du_lien
from parchemin.courriels.models import Envoi
from parchemin.parcours.tests.factories import Monde
from parchemin.socle.acteur import SYSTEME, Acteur
from tests.scenes import scene_partagee

PLANIFICATION = datetime(2026, 10, 2, 8, 0, tzinfo=UTC)
JOUR = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
CRENEAU = timedelta(hours=2)
"""Plus long que toute épreuve."""


@dataclass(frozen=True, slots=True)
class Salle:
    """Un candidat, son épreuve d'un bloc, et ses deux évaluateurs."""

    monde: Monde
    bloc: str
    epreuve: UUID
    metier: Acteur
    certificateur: Acteur


def moment(*gens: Acteur) -> datetime:
    """`JOUR`, ou le premier moment d'après où aucune de ces personnes n'est prise."""
    quand = JOUR
    while Occupation.objects.filter(
        personne_id__in=[qui.id for qui in gens], debut__lt=quand + CRENEAU, fin__gt=quand
    ).exists():
        quand += CRENEAU
    return quand


@scene_partagee
def planifier(monde: Monde, bloc: str, prevue_le: datetime | None = None) -> UUID:
    """L'épreuve d'un bloc, sans évaluateur ; le candidat n'en passe pas deux à la fois."""
    return services.planifier_epreuve(
        dossier=monde.dossier,
        bloc=bloc,
        prevue_le=prevue_le or moment(monde.candidat),
        lieu="Plateau 2",
        auteur=monde.gestionnaire,
        maintenant=PLANIFICATION,
    )


@scene_partagee
def salle(
    bloc: str = "B3",
    blocs: Sequence[str] = (),
    monde: Monde | None = None,
    paire: tuple[Acteur, Acteur] | None = None,
    *,
    declarees: bool = True,
) -> Salle:
    """Une épreuve affectée, les deux déclarations signées (sauf avis contraire)."""
    monde = monde or carnet.complet(blocs or (bloc,))
    metier, certificateur = paire or (
        comptes.avec_role(NatureRole.EVALUATEUR_METIER, prenom="Hugo"),
        comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR, prenom="Salomé"),
    )
    epreuve = planifier(monde, bloc, moment(monde.candidat, metier, certificateur))
    services.affecter_evaluateurs(
        epreuve=epreuve,
        metier=metier.id,
        certificateur=certificateur.id,
        auteur=monde.gestionnaire,
        maintenant=PLANIFICATION,
    )
    if declarees:
        for evaluateur in (metier, certificateur):
            services.declarer(epreuve=epreuve, genre=GenreDeclare.AUCUN, auteur=evaluateur, maintenant=PLANIFICATION)
    return Salle(monde, bloc, epreuve, metier, certificateur)


SEMAINE = tuple(Heures(jour, time(8, 0), time(18, 0)) for jour in range(1, 6))
"""Du lundi au vendredi, de huit à dix-huit heures."""


def site(organisme: UUID, nom: str = "Site de Lille", fuseau: str = "Europe/Paris", **champs: Any) -> UUID:
    """Un site ouvert la semaine."""
    fiche = services.FicheSite(**{"nom": nom, "fuseau": fuseau, "heures": SEMAINE, **champs})
    return services.creer_site(organisme=organisme, fiche=fiche, auteur=SYSTEME, maintenant=PLANIFICATION)


def piece(site: UUID, nom: str = "Salle 1") -> UUID:
    """Une salle de ce site."""
    return services.ajouter_salle(site=site, nom=nom, auteur=SYSTEME, maintenant=PLANIFICATION)


def en_salle(monde: Monde, bloc: str, piece: UUID, prevue_le: datetime = JOUR, **champs: Any) -> UUID:
    """L'épreuve d'un bloc, en salle, sans évaluateur."""
    valeurs = {"auteur": monde.gestionnaire, "maintenant": PLANIFICATION} | champs
    return services.planifier_epreuve(dossier=monde.dossier, bloc=bloc, prevue_le=prevue_le, salle=piece, **valeurs)


CONVOCATION = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
_LIEN = re.compile(r"/epreuves/convocation/([^/\s]+)/")


def avec_adresses(salle: Salle) -> dict[Acteur, str]:
    """Ouvre un compte à chaque personne que l'épreuve attend ; rend leurs adresses."""
    monde = salle.monde
    return {a: comptes.compte(a) for a in (monde.candidat, salle.metier, salle.certificateur, monde.manager)}


def convoquer(salle: Salle, maintenant: datetime = CONVOCATION, **champs: Any) -> tuple[UUID, ...]:
    """Convoque à cette épreuve, par son gestionnaire."""
    return services.convoquer(epreuve=salle.epreuve, auteur=salle.monde.gestionnaire, maintenant=maintenant, **champs)


def convoquee(bloc: str = "B3", blocs: Sequence[str] = ()) -> Salle:
    """Une épreuve où chacun, joignable, est convoqué."""
    une = salle(bloc, blocs)
    avec_adresses(une)
    convoquer(une)
    return une


def par_lien(jeton: str, connecte: Acteur | None = None, maintenant: datetime = CONVOCATION, **champs: Any) -> bool:
    """Répond (accepte, sauf avis contraire) par ce lien, comme le fait sa page."""
    vue = convocation_du_lien(jeton, connecte)
    valeurs = {"accepte": True} | champs
    return services.repondre(convocation=vue.id, auteur=Acteur(vue.personne), maintenant=maintenant, **valeurs)


def sienne(salle: Salle, acteur: Acteur) -> VueConvocation:
    """La convocation de cette personne."""
    vue = convocation_de(acteur, salle.epreuve)
    assert vue is not None
    return vue


def courriels_de(acteur: Acteur) -> list[Envoi]:
    """Les convocations déposées pour cette personne, dans l'ordre."""
    return list(Envoi.objects.filter(destinataire=acteur.id, genre=COURRIEL.code).order_by("depose_le", "pk"))


def jeton_de(acteur: Acteur) -> str:
    """Le jeton du lien de son dernier courriel."""
    trouve = _LIEN.search(courriels_de(acteur)[-1].texte)
    assert trouve is not None
    return trouve[1]


def deplie(calendrier: str) -> str:
    """Le texte de cet iCalendar, ses lignes pliées à 75 octets remises bout à bout : un mot cherché ne peut s'y cacher à cheval."""
    return calendrier.replace("\r\n ", "")
