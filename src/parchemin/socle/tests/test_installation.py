"""La marque d'une base : posée une fois, jamais changée."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from parchemin.socle.bases import contrainte_violee
from parchemin.socle.models import Installation
from parchemin.socle.refus import Refus
from parchemin.socle.services import est_demonstration, marquer_installation

MIDI = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DEMONSTRATION, PRODUCTION = Installation.Nature.DEMONSTRATION, Installation.Nature.PRODUCTION

pytestmark = pytest.mark.django_db


def test_une_base_vierge_n_est_pas_une_demonstration() -> None:
    assert est_demonstration() is False


def test_la_marque_se_pose_puis_se_redit_sans_rien_changer() -> None:
    premiere = marquer_installation(nature=DEMONSTRATION, maintenant=MIDI)
    seconde = marquer_installation(nature=DEMONSTRATION, maintenant=MIDI.replace(year=2027))
    assert (premiere.depuis, seconde.depuis) == (MIDI, MIDI)
    assert est_demonstration() is True
    assert str(seconde) == "Démonstration"


@pytest.mark.parametrize(
    ("posee", "demandee", "mot"),
    [(PRODUCTION, DEMONSTRATION, "production"), (DEMONSTRATION, PRODUCTION, "démonstration")],
)
def test_une_base_ne_change_pas_de_nature(posee: Installation.Nature, demandee: Installation.Nature, mot: str) -> None:
    marquer_installation(nature=posee, maintenant=MIDI)
    with pytest.raises(Refus) as refus:
        marquer_installation(nature=demandee, maintenant=MIDI)
    assert refus.value.code == "installation_autre_nature"
    assert f"« {mot} »" in refus.value.message
    assert Installation.objects.get().nature == posee


def test_une_base_de_production_n_est_pas_une_demonstration() -> None:
    marquer_installation(nature=PRODUCTION, maintenant=MIDI)
    assert est_demonstration() is False


def test_la_base_refuse_une_seconde_ligne_et_dit_par_quelle_contrainte() -> None:
    with pytest.raises(IntegrityError) as erreur, transaction.atomic():
        Installation.objects.create(unique=False, nature=PRODUCTION, depuis=MIDI)
    assert contrainte_violee(erreur.value) == "installation_une_seule_ligne"


def test_une_erreur_qui_ne_vient_pas_de_la_base_ne_nomme_aucune_contrainte() -> None:
    assert contrainte_violee(IntegrityError("sans cause")) == ""
