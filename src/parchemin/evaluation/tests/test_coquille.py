"""La coquille : ce que montre l'appareil quand le réseau manque et que la page demandée n'est pas de celles qu'il garde."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from parchemin.convocations.tests.factories import Salle
from parchemin.evaluation.tests.test_hors_ligne import CODE, garde, reserve, sans_reseau
from parchemin.evaluation.tests.test_navigateur import ENREGISTRE, choix, etat, ouvrir
from parchemin.evaluation.tests.test_tablette_partagee import preparer

pytestmark = pytest.mark.django_db(transaction=True)

DEMANDE_LE_RESEAU = "Cette page demande le réseau, et Parchemin ne répond pas."


def test_cinq_codes_faux_font_attendre_et_disent_jusqu_a_quand(
    live_server, context: BrowserContext, page: Page, salle: Salle
):
    preparer(page, live_server)
    with sans_reseau(live_server, context):
        page.close()
        autre = context.new_page()
        autre.clock.install()
        ouvrir(autre, live_server, salle)
        bouton = autre.get_by_role("button", name="Ouvrir mes grilles")
        attente = autre.locator("form").get_by_role("status")
        for essai in range(5):
            expect(bouton).to_be_enabled()
            expect(attente).to_be_empty()
            autre.get_by_label("Votre code").fill(f"00000{essai}")
            bouton.click()
            expect(autre.get_by_label("Votre code")).to_have_value("")
        expect(attente).to_contain_text("5 codes faux de suite")
        expect(attente).to_contain_text("min")
        expect(autre.get_by_role("alert")).not_to_be_visible()
        expect(bouton).to_be_disabled()
        autre.clock.fast_forward(61_000)
        expect(bouton).to_be_enabled()
        expect(attente).to_have_text("Vous pouvez réessayer.")
        autre.get_by_label("Votre code").fill(CODE)
        bouton.click()
        expect(choix(autre, "K3.1.1", "Validé")).to_be_visible()


@contextmanager
def serveur_injoignable(live_server) -> Iterator[None]:
    """Le serveur ferme chaque connexion sans répondre : le navigateur n'a pas de réponse, comme sans réseau."""
    serveur = live_server.thread.httpd
    application = serveur.get_app()

    def muet(environ, _repondre):
        prise = environ["wsgi.input"]._read.__self__.raw._sock
        prise.shutdown(socket.SHUT_RDWR)
        raise ConnectionResetError

    serveur.set_app(muet)
    try:
        yield
    finally:
        serveur.set_app(application)


def test_clore_sans_reseau_dit_qu_il_le_faut_et_ramene_a_la_grille(live_server, page: Page, salle: Salle):
    ouvrir(page, live_server, salle)
    choix(page, "K3.1.1", "Validé").click()
    expect(etat(page)).to_have_text(ENREGISTRE)
    garde(page)
    with serveur_injoignable(live_server):
        page.get_by_role("link", name="Clore la grille").click()
        expect(page.locator("[data-parchemin-dire]")).to_have_text(f"{DEMANDE_LE_RESEAU} Vos grilles sont là.")
        page.locator("[data-parchemin-grilles]").get_by_role("link").click()
        expect(choix(page, "K3.1.1", "Validé")).to_have_attribute("aria-pressed", "true")
        choix(page, "K3.1.2", "Validé").click()
        expect(etat(page)).to_contain_text("1 geste gardé sur cet appareil")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(etat(page)).to_have_text(ENREGISTRE)
    with serveur_injoignable(live_server):
        page.goto(f"{live_server.url}/epreuves/{salle.epreuve}/")
        expect(page.locator("[data-parchemin-dire]")).to_have_text(f"{DEMANDE_LE_RESEAU} Vos grilles sont là.")
    page.get_by_role("link", name="Réessayer").click()
    expect(page.get_by_role("link", name="Réessayer")).to_have_count(0)
    assert page.url == f"{live_server.url}/epreuves/{salle.epreuve}/"


def test_sans_reseau_et_sans_rien_de_prepare_la_page_le_dit_simplement(
    live_server, context: BrowserContext, page: Page, salle: Salle
):
    ouvrir(page, live_server, salle)
    garde(page)
    page.goto(f"{live_server.url}/")
    effacer = {"origin": live_server.url, "storageTypes": "indexeddb"}
    context.new_cdp_session(page).send("Storage.clearDataForOrigin", effacer)
    with serveur_injoignable(live_server):
        page.goto(f"{live_server.url}/epreuves/{salle.epreuve}/")
        expect(page.locator("[data-parchemin-dire]")).to_have_text(f"{DEMANDE_LE_RESEAU} Réessayez plus tard.")
        expect(page.get_by_label("Votre code")).not_to_be_visible()
        expect(page.locator("[data-parchemin-grilles]")).not_to_be_visible()
    assert f"/epreuves/{salle.epreuve}/" not in reserve(page)
