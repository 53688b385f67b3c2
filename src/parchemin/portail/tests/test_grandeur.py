"""Ce que coûtent l'accueil, la liste, un candidat, son carnet et le contrôle d'accès ne dépend pas de la taille de la maison : un nombre de requêtes, littéral."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mesures.grandeur import peupler, site_de_grandeur
from parchemin.carnet.tests import factories as carnets
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.selectors import droits
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations.tests import factories as convocations
from parchemin.parcours.tests import factories as parcours
from parchemin.socle.annonces import ecouler
from parchemin.socle.horloge import jour_civil, maintenant

pytestmark = pytest.mark.django_db

PETITE, GRANDE = (
    {"organismes": 2, "personnes": 24, "dossiers": 8},
    {"organismes": 40, "personnes": 900, "dossiers": 300},
)
"""La seconde dépasse tout ce que l’accueil plafonne."""
ACCUEIL_DE_TOUS, ACCUEIL_D_UNE_CAISSE, PAGE_REFUSEE, DROITS = 36, 32, 4, 1
LISTE, DOSSIER, CARNET = 9, 24, 17


@pytest.mark.parametrize("taille", [PETITE, GRANDE], ids=["petite", "grande"])
def test_l_accueil_et_le_controle_d_acces_coutent_autant_a_toute_taille(taille):
    """Une épreuve attend ses évaluateurs : sans elle, l'accueil ne lirait rien de ce qui se suit."""
    monde = carnets.complet()
    convocations.planifier(monde, "B3")
    partout = comptes.gestionnaire()
    peupler(**taille)
    cout = {}
    for nom, acteur, adresse, attendu in (
        ("accueil de tous", partout, "/", 200),
        ("accueil d'une caisse", monde.gestionnaire, "/", 200),
        ("page refusée", partout, "/journal/", 403),
    ):
        client = comptes.client(acteur)
        client.get(adresse)
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(adresse).status_code == attendu
        cout[nom] = len(requetes)
    with CaptureQueriesContext(connection) as requetes:
        assert droits(partout, jour_civil(maintenant())).a(NatureRole.GESTIONNAIRE)
    assert cout | {"droits": len(requetes)} == {
        "accueil de tous": ACCUEIL_DE_TOUS,
        "accueil d'une caisse": ACCUEIL_D_UNE_CAISSE,
        "page refusée": PAGE_REFUSEE,
        "droits": DROITS,
    }


@pytest.mark.parametrize("taille", [PETITE, GRANDE], ids=["petite", "grande"])
def test_la_liste_un_candidat_et_son_carnet_coutent_autant_a_toute_taille(taille):
    monde = parcours.monde()
    ecouler()
    peupler(**taille)
    cout = {}
    for nom, acteur, adresse in (
        ("liste des candidats", comptes.gestionnaire(), reverse("parcours:liste")),
        ("dossier d'un candidat", monde.gestionnaire, reverse("dossier", args=[monde.dossier])),
        ("carnet d'un candidat", monde.gestionnaire, reverse("carnet:voir", args=[monde.dossier])),
    ):
        client = comptes.client(acteur)
        client.get(adresse)
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(adresse).status_code == 200
        cout[nom] = len(requetes)
    assert cout == {"liste des candidats": LISTE, "dossier d'un candidat": DOSSIER, "carnet d'un candidat": CARNET}


@pytest.mark.parametrize("taille", [PETITE, GRANDE], ids=["petite", "grande"])
def test_le_calendrier_des_epreuves_coute_autant_a_toute_taille(taille):
    """La semaine lue est celle de demain, où `peupler` met la première épreuve, quel que soit le jour de la suite."""
    parcours.monde()
    peupler(**taille)
    partout = comptes.gestionnaire()
    demain = jour_civil(maintenant()) + timedelta(days=1)
    cout = {}
    for nom, adresse in (
        ("liste", reverse("convocations:liste")),
        ("semaine d'un site", f"{reverse('convocations:semaine', args=[site_de_grandeur()])}?du={demain}"),
        ("suivi", reverse("convocations:suivi")),
    ):
        client = comptes.client(partout)
        client.get(adresse)
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(adresse).status_code == 200
        cout[nom] = len(requetes)
    assert cout == {"liste": 10, "semaine d'un site": 13, "suivi": 28}
