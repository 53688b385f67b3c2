"""Ce que les pages des convocations ont en commun."""

from __future__ import annotations

from django.forms import Form


def statut_http(formulaire: Form) -> int:
    """422 quand la saisie a été refusée, 200 sinon."""
    return 422 if formulaire.is_bound and formulaire.errors else 200
