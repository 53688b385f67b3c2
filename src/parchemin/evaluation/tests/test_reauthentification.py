"""Sceller sa lecture, s'accorder : on redonne une preuve, et ce qu'on avait saisi n'est pas à refaire."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import MOT_DE_PASSE
from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import JOUR
from parchemin.evaluation.models import Lecture, PositionAccord
from parchemin.evaluation.tests import factories
from tests.connexions import vieillir_les_preuves

pytestmark = pytest.mark.django_db

CONFIRMER = "/connexion/reauthenticate/"


@pytest.fixture(autouse=True)
def temps():
    with time_machine.travel(JOUR, tick=False) as voyage:
        yield voyage


def pret_a_sceller():
    """Une lecture entière, et son évaluateur dont les preuves ont onze minutes."""
    salle = convocations.salle()
    factories.remplir(salle, salle.metier)
    client = comptes.client(salle.metier)
    vieillir_les_preuves(client, 11)
    return client, f"/epreuves/{salle.epreuve}/clore/", f"/epreuves/{salle.epreuve}/"


def test_sceller_demande_une_preuve_puis_scelle_sans_rien_refaire():
    client, clore, voir = pret_a_sceller()
    assert client.get(clore).status_code == 200
    assert client.post(clore).headers["Location"] == f"{CONFIRMER}?next={clore.replace('/', '%2F')}"
    assert Lecture.objects.count() == 0
    page = client.get(f"{CONFIRMER}?next={clore}")
    assert comptes.texte(page).count("Ce que vous veniez de saisir est gardé.") == 1
    refus = client.post(CONFIRMER, {"password": "faux-mot-de-passe", "next": clore})
    assert (refus.status_code, Lecture.objects.count()) == (200, 0)
    assert client.post(CONFIRMER, {"password": MOT_DE_PASSE, "next": clore}).headers["Location"] == voir
    assert Lecture.objects.count() == 1


def test_une_preuve_de_moins_de_dix_minutes_suffit():
    client, clore, voir = pret_a_sceller()
    vieillir_les_preuves(client, -2)
    assert client.post(clore).headers["Location"] == voir
    assert Lecture.objects.count() == 1


def test_l_accord_garde_le_motif_deja_tape():
    salle = factories.deux_lectures(convocations.salle(), {"K3.1.1"})
    client = comptes.client(salle.metier)
    vieillir_les_preuves(client, 11)
    accord = f"/epreuves/{salle.epreuve}/accord/"
    client.post(accord, {"critere": "K3.1.1", "choix": "valide", "motif": "Réécouté ensemble & noté."})
    assert PositionAccord.objects.count() == 0
    client.post(CONFIRMER, {"password": MOT_DE_PASSE, "next": accord})
    assert PositionAccord.objects.get().motif == "Réécouté ensemble & noté."


def test_un_envoi_laisse_en_plan_ne_part_pas_avec_une_autre_confirmation():
    client, clore, _ = pret_a_sceller()
    client.post(clore)
    client.post(CONFIRMER, {"password": MOT_DE_PASSE, "next": "/connexion/securite/"})
    assert Lecture.objects.count() == 0


def test_un_envoi_trop_ancien_ne_part_pas(temps):
    client, clore, _ = pret_a_sceller()
    client.post(clore)
    temps.shift(timedelta(minutes=16))
    assert client.post(CONFIRMER, {"password": MOT_DE_PASSE, "next": clore}).headers["Location"] == clore
    assert Lecture.objects.count() == 0


def test_confirmer_deux_fois_ne_scelle_qu_une_fois():
    client, clore, _ = pret_a_sceller()
    client.post(clore)
    for _ in range(2):
        client.post(CONFIRMER, {"password": MOT_DE_PASSE, "next": clore})
    assert Lecture.objects.count() == 1
