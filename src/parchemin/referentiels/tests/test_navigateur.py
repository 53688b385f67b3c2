"""Le référentiel dans un vrai navigateur : accessible, sans un bruit de console, utilisable au clavier."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from parchemin.referentiels.tests.factories import publier
from tests.parcours.postes import violations

pytestmark = pytest.mark.django_db(transaction=True)

VERSION = "/referentiels/cqp-cos/2021/"


@pytest.mark.parametrize("chemin", ["/referentiels/", VERSION, f"{VERSION}?q=fraude", f"{VERSION}reglement/"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_chaque_page_est_accessible(live_server, page_muette: Page, chemin, theme):
    publier()
    page_muette.emulate_media(color_scheme=theme)
    page_muette.goto(f"{live_server.url}{chemin}")
    assert violations(page_muette) == []
    assert page_muette.locator("h1").count() == 1
    largeur = page_muette.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert largeur == 0


def test_on_cherche_au_clavier_et_l_on_arrive_au_critere(live_server, page_muette: Page):
    publier()
    page_muette.goto(f"{live_server.url}{VERSION}")
    page_muette.get_by_label("Chercher un mot ou un code dans la norme").focus()
    page_muette.keyboard.type("fraudes suspicions")
    page_muette.keyboard.press("Enter")
    resultats = page_muette.locator(".ref-resultats li a")
    expect(resultats).to_have_count(2)
    resultats.nth(1).focus()
    page_muette.keyboard.press("Enter")
    expect(page_muette.locator("li:target")).to_contain_text("Détecte les suspicions de fraudes")
    expect(page_muette.locator("li:target")).to_be_in_viewport()
