"""Écrire une étape de VAE, et la première de toutes : à n'appeler que sous le verrou du dossier."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from parchemin.parcours.enums import GenreEtape
from parchemin.parcours.models import Dossier, EtapeVae
from parchemin.socle.acteur import Acteur

NOTIFIEES = (GenreEtape.RECEVABLE, GenreEtape.SILENCE)


def ouvrir_la_vae(dossier: Dossier, *, auteur: Acteur, maintenant: datetime) -> str:
    """La première étape d'une VAE que l'on inscrit, et l'état qui s'ensuit : demandée, ou déjà recevable."""
    if dossier.recevable_le is None:
        ajouter_etape(dossier.pk, 1, GenreEtape.DEMANDE, dossier.entree_le, "", auteur, maintenant)
        return "recevabilite"
    ajouter_etape(dossier.pk, 1, GenreEtape.RECEVABLE, dossier.recevable_le, "", auteur, maintenant)
    return "recevable"


def ajouter_etape(
    dossier: UUID, rang: int, genre: GenreEtape, le: date, mot: str, auteur: Acteur, maintenant: datetime
) -> None:
    """Une étape de plus. Celle qui rend recevable date aussi le droit au titre (code du travail, article L6113-9).

    Une irrecevabilité l'ôte : le silence l'avait peut-être donné, avant qu'elle ne s'inscrive.
    """
    EtapeVae.objects.create(
        dossier_id=dossier, rang=rang, genre=genre, le=le, mot=mot, auteur=auteur.id, instant=maintenant
    )
    if genre in NOTIFIEES:
        Dossier.objects.filter(pk=dossier).update(recevable_le=le)
    if genre == GenreEtape.IRRECEVABLE:
        Dossier.objects.filter(pk=dossier).update(recevable_le=None)
