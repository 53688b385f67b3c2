"""La coquille : ce que montre l'appareil quand le réseau manque et que la page demandée n'est pas de celles qu'il garde."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from parchemin.convocations.tests.factories import Salle
from parchemin.evaluation.tests.test_hors_ligne import CODE, sans_reseau
from parchemin.evaluation.tests.test_navigateur import choix, ouvrir
from parchemin.evaluation.tests.test_tablette_partagee import preparer

pytestmark = pytest.mark.django_db(transaction=True)


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
