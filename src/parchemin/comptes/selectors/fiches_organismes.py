"""Lire les organismes."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Organisme
from parchemin.comptes.selectors.nommer import chercher
from parchemin.comptes.selectors.portees import droits
from parchemin.socle.acteur import Acteur


def organismes(lecteur: Acteur, jour: date, recherche: str = "") -> QuerySet[Organisme]:
    """Les organismes que tient le lecteur (tous, s'il gère partout ou administre), triés à la française."""
    siens = droits(lecteur, jour)
    lignes = chercher(Organisme.objects.all(), recherche).order_by("cle_tri", "pk")
    connus = siens.connait(NatureRole.GESTIONNAIRE, NatureRole.RH)
    return lignes if siens.est_administrateur or connus is None else lignes.filter(pk__in=connus)


def hors_ligne_permis(lecteur: Acteur, organisme: UUID) -> bool:
    """L'épreuve peut-elle se noter hors ligne dans cet organisme ? Faux pour un organisme inconnu. Une requête."""
    return Organisme.objects.filter(pk=organisme, hors_ligne=True).exists()
