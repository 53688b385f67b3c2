"""La cohorte de démonstration dans la base, pour regarder chaque page comme la voit chacun."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.scenes import scene_partagee

if TYPE_CHECKING:
    from parchemin.demonstration.services import Cohorte


@scene_partagee
def composer() -> Cohorte:
    """Marque la base et compose la cohorte (imports tardifs : ce fichier se lit avant Django)."""
    from parchemin.demonstration.services import construire
    from parchemin.socle.horloge import maintenant
    from parchemin.socle.models import Installation
    from parchemin.socle.services import marquer_installation

    instant = maintenant()
    marquer_installation(nature=Installation.Nature.DEMONSTRATION, maintenant=instant)
    return construire(maintenant=instant)


@pytest.fixture(scope="module")
def cohorte_du_module(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cohorte]:
    """La cohorte, composée une fois pour un module dont les tests ne font que lire."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        yield composer()
        transaction.set_rollback(True)
