"""« Préparer ma journée », dans un vrai navigateur : ce qui est gardé se dit prêt, et rien d'autre."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from parchemin.carnet.tests import factories as carnet
from parchemin.comptes.models import Organisme
from parchemin.convocations.services import affecter_evaluateurs
from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import JOUR, PLANIFICATION, Salle
from parchemin.evaluation.tests.test_hors_ligne import CODE, sans_reseau
from parchemin.evaluation.tests.test_navigateur import choix, ouvrir

pytestmark = pytest.mark.django_db(transaction=True)


def sans_declaration(salle: Salle) -> None:
    """La veille, une autre épreuve des deux mêmes, dont nul n'a encore signé sa déclaration."""
    monde = carnet.complet(("B3",))
    epreuve = convocations.planifier(monde, "B3", JOUR - timedelta(days=1))
    affecter_evaluateurs(
        epreuve=epreuve,
        metier=salle.metier.id,
        certificateur=salle.certificateur.id,
        auteur=monde.gestionnaire,
        maintenant=PLANIFICATION,
    )


def preparer(page: Page, live_server):
    """Prépare la journée ; rend ce qui dit où elle en est."""
    page.goto(f"{live_server.url}/ma-journee/")
    page.get_by_label("Code, de 6 à 12 chiffres").fill(CODE)
    page.get_by_role("button", name="Préparer ma journée").click()
    return page.locator("[data-parchemin-preparation]")


def test_une_grille_qui_ne_s_ouvre_pas_n_empeche_pas_les_autres_et_se_nomme(
    live_server, context: BrowserContext, page: Page, salle: Salle
):
    sans_declaration(salle)
    dit = preparer(page, live_server)
    expect(dit).to_contain_text("1 grille prête sur 2.")
    expect(dit.get_by_role("listitem")).to_have_count(1)
    expect(dit.get_by_role("listitem")).to_contain_text("Bloc 3 : Avant d'ouvrir la grille, déclarez")
    expect(page.get_by_text("prête hors ligne")).to_have_count(1)
    with sans_reseau(live_server, context):
        ouvrir(page, live_server, salle)
        expect(choix(page, "K3.1.1", "Validé")).to_be_visible()


def test_rien_ne_se_dit_pret_quand_l_organisme_ne_veut_rien_garder(live_server, page: Page, salle: Salle):
    preparer(page, live_server)
    expect(page.get_by_text("prête hors ligne")).to_have_count(1)
    Organisme.objects.update(hors_ligne=False)
    dit = preparer(page, live_server)
    expect(dit).to_contain_text("Aucune grille prête sur 1.")
    expect(dit.get_by_role("listitem")).to_contain_text("ne veut pas qu’elle se garde sur un appareil")
    expect(page.get_by_text("prête hors ligne")).to_have_count(0)


def test_le_reseau_manque_a_une_grille_et_les_autres_se_gardent(live_server, page: Page, salle: Salle):
    sans_declaration(salle)
    page.route("**/grille/", lambda route: route.abort())
    dit = preparer(page, live_server)
    expect(dit.get_by_role("listitem")).to_have_count(2)
    expect(dit).to_contain_text("le réseau a manqué, ou le serveur. Recommencez.")
