"""De quoi remplir un journal d'essai, par les services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import models

from parchemin.registre import actions
from parchemin.registre.sceaux import Scelle
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur

ALICE = Acteur(UUID("a11ce000-0000-4000-8000-000000000000"))
BRUNO = Acteur(UUID("b2000000-0000-4000-8000-000000000000"))
MIDI = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@actions.declarees
class ActionEssai(models.TextChoices):
    """Des actions qui n'existent que dans les tests."""

    FAITE = "essai.faite", "Chose faite"
    DEFAITE = "essai.defaite", "Chose défaite"


def agir(
    chaine: str,
    *,
    objet: str = "1",
    donnees: Mapping[str, object] | None = None,
    personnel: Mapping[str, str] | None = None,
    scelles: Sequence[Scelle] = (),
    auteur: Acteur = ALICE,
    action: ActionEssai = ActionEssai.FAITE,
    minutes: int = 0,
) -> None:
    """Un acte complet, avec son entrée."""
    with acte(auteur=auteur, maintenant=MIDI + timedelta(minutes=minutes), action=action, chaine=chaine) as journal:
        journal.inscrire(objet=("essai.chose", objet), donnees=donnees or {}, personnel=personnel, scelles=scelles)
