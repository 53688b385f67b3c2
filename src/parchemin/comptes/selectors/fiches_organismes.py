"""Lire les organismes."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Organisme
from parchemin.comptes.selectors.nommer import chercher
from parchemin.comptes.selectors.portees import droits
from parchemin.socle.acteur import Acteur


def organismes(lecteur: Acteur, jour: date, recherche: str = "") -> QuerySet[Organisme]:
    """Les organismes que gère le lecteur (tous, s'il gère partout ou administre), triés à la française."""
    siens = droits(lecteur, jour)
    lignes = chercher(Organisme.objects.all(), recherche).order_by("cle_tri", "pk")
    if siens.est_administrateur or siens.partout(NatureRole.GESTIONNAIRE):
        return lignes
    return lignes.filter(pk__in=siens.organismes(NatureRole.GESTIONNAIRE))
