"""Ce que disent les personnes de leur indépendance : déclarations, récusations ; et les places que la barrière ne tient plus."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from moteur.etats import RECUSATION
from moteur.regles.evaluateur_admissible import (
    Obstacle,
)
from parchemin.convocations.enums import GenreDeclare
from parchemin.convocations.models import AVerifier, Declaration, Recusation
from parchemin.socle.acteur import Acteur


def declaration_signee(lecteur: Acteur, epreuve: UUID) -> bool:
    """Vrai si le lecteur a signé qu'il n'a aucun lien avec le candidat de cette épreuve."""
    return Declaration.objects.filter(epreuve_id=epreuve, evaluateur_id=lecteur.id, genre=GenreDeclare.AUCUN).exists()


def recusation_en_attente(lecteur: Acteur, epreuve: UUID) -> bool:
    """Vrai si une récusation attend encore sa réponse pour cette épreuve."""
    return Recusation.objects.filter(epreuve_id=epreuve, etat="deposee").exists()


@dataclass(frozen=True, slots=True)
class VueRecusation:
    """Une récusation, pour le candidat qui l'a déposée et le gestionnaire qui la tranche."""

    id: UUID
    epreuve: UUID
    evaluateur: UUID
    evaluateur_nom: str
    motif: str
    etat: str
    deposee_le: datetime
    reponse: str

    @property
    def intitule(self) -> str:
        """L'état, tel qu'on le lit."""
        return RECUSATION.etat(self.etat).intitule


def recusations(lecteur: Acteur, epreuves: Iterable[UUID]) -> tuple[VueRecusation, ...]:
    """Les récusations de ces épreuves, ouvertes au lecteur (candidat ou gestionnaire : à vérifier avant). Deux requêtes."""
    lignes = Recusation.objects.filter(epreuve_id__in=set(epreuves)).select_related("evaluateur")
    return tuple(
        VueRecusation(
            r.pk,
            r.epreuve_id,
            r.evaluateur_id,
            str(r.evaluateur),
            r.motif,
            r.etat,
            r.deposee_le,
            next((p.motif for p in r.passages.all() if p.rang > 1), ""),
        )
        for r in lignes.prefetch_related("passages")
    )


@dataclass(frozen=True, slots=True)
class VueAVerifier:
    """Un évaluateur en place que la barrière écarte."""

    epreuve: UUID
    evaluateur: UUID
    evaluateur_nom: str
    obstacles: tuple[Obstacle, ...]
    ouverte_le: datetime


def a_verifier(lecteur: Acteur, epreuves: Iterable[UUID]) -> dict[UUID, tuple[VueAVerifier, ...]]:
    """Les indépendances à vérifier de ces épreuves, ouvertes au lecteur. Une requête."""
    lignes = AVerifier.objects.filter(epreuve_id__in=set(epreuves), close_le=None).select_related("evaluateur")
    par_epreuve: dict[UUID, tuple[VueAVerifier, ...]] = {}
    for ligne in lignes:
        vue = VueAVerifier(
            ligne.epreuve_id,
            ligne.evaluateur_id,
            str(ligne.evaluateur),
            tuple(map(Obstacle, ligne.obstacles)),
            ligne.ouverte_le,
        )
        par_epreuve[ligne.epreuve_id] = (*par_epreuve.get(ligne.epreuve_id, ()), vue)
    return par_epreuve
