"""Dans un vrai navigateur : le brouillon se garde tout seul, le dit, et n'empêche jamais de publier."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from parchemin.carnet.models import BrouillonEntree, VersionEntree
from parchemin.carnet.tests import factories
from parchemin.comptes.tests import factories as comptes

pytestmark = pytest.mark.django_db(transaction=True)


def arriver(page: Page, adresse: str) -> Page:
    """Le candidat devant sa page d'écriture, sur un téléphone."""
    monde = factories.avec_carnet(("B3",))
    cookie = comptes.client(monde.candidat).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": adresse}])
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{adresse}/carnet/{monde.dossier}/entrees/ecrire/")
    return page


def texte(page: Page):
    return page.locator("textarea[name=texte]")


def test_il_se_garde_puis_se_reprend_et_se_publie(page_muette: Page, live_server):
    ecrire = arriver(page_muette, live_server.url)
    texte(ecrire).fill("Un accueil mené seul.")
    texte(ecrire).blur()
    expect(ecrire.get_by_text(re.compile("Brouillon gardé à"))).to_be_visible()
    expect(ecrire).to_have_url(re.compile(r"\?brouillon="))
    assert list(BrouillonEntree.objects.values_list("texte", "revision")) == [("Un accueil mené seul.", 1)]
    texte(ecrire).fill(
        "Un accueil mené seul, puis deux."
    )  # la frappe suivante, sans quitter le champ : après quelques secondes
    expect(ecrire.locator("[name=vu]")).to_have_value("2", timeout=15_000)
    ecrire.reload()
    assert texte(ecrire).input_value() == "Un accueil mené seul, puis deux."
    ecrire.get_by_role("checkbox").first.check()
    ecrire.get_by_role("button", name="Publier").click()
    expect(ecrire.get_by_text("Votre entrée est publiée")).to_be_visible()
    assert (BrouillonEntree.objects.count(), VersionEntree.objects.get().texte) == (
        0,
        "Un accueil mené seul, puis deux.",
    )
    assert ecrire.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_sans_reseau_la_page_dit_que_rien_n_est_garde_puis_le_garde(page: Page, live_server):
    ecrire = arriver(page, live_server.url)
    ecrire.route(
        "**/entrees/ecrire/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    texte(ecrire).fill("Un accueil.")
    texte(ecrire).blur()
    expect(ecrire.get_by_text("le réseau manque")).to_be_visible()
    assert BrouillonEntree.objects.count() == 0
    ecrire.unroute("**/entrees/ecrire/**")
    expect(ecrire.get_by_text(re.compile("Brouillon gardé à"))).to_be_visible(timeout=15_000)
    assert BrouillonEntree.objects.get().texte == "Un accueil."
