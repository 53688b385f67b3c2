"""Où va le focus quand le bouton pressé se cache, ou que la page se relit : la touche suivante ne marque rien d'autre."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from parchemin.convocations.tests.factories import Salle
from parchemin.evaluation.tests.test_annuler_a_l_ecran import recu
from parchemin.evaluation.tests.test_navigateur import choix, gestes, ouvrir

pytestmark = pytest.mark.django_db(transaction=True)


def test_le_focus_suit_le_geste_de_la_phase(live_server, page_muette: Page, salle: Salle):
    ouvrir(page_muette, live_server, salle)
    bouton = page_muette.locator(".mesures-gestes").get_by_role
    bouton("button", name="Commencer : Observation").focus()
    page_muette.keyboard.press("Enter")
    expect(bouton("button", name="Pause : Observation")).to_be_focused()
    recu(page_muette)
    expect(bouton("button", name="Pause : Observation")).to_be_focused()
    page_muette.keyboard.press("Enter")
    page_muette.locator('button[name="pause:observation"]').first.focus()
    page_muette.keyboard.press("Enter")
    recu(page_muette)
    bouton("button", name="Reprendre").focus()
    page_muette.keyboard.press("Enter")
    expect(bouton("button", name="Pause : Observation")).to_be_focused()
    recu(page_muette)
    bouton("button", name="Finir : Observation").focus()
    page_muette.keyboard.press("Enter")
    expect(bouton("button", name="Commencer : Questions")).to_be_focused()
    recu(page_muette)
    expect(bouton("button", name="Commencer : Questions")).to_be_focused()


def test_la_page_relue_ne_deplace_pas_le_focus(live_server, page_muette: Page, salle: Salle):
    """La réponse arrive quand on est déjà sur « Ajouter une remarque » : la touche suivante l'ouvre, et ne marque rien."""
    ouvrir(page_muette, live_server, salle)
    retenues: list[Route] = []

    def retenir(route: Route) -> None:
        retenues.append(route)

    page_muette.route("**/grille/", retenir)
    choix(page_muette, "K3.1.1", "Non observé").click()
    while not retenues:
        page_muette.wait_for_timeout(20)
    critere = page_muette.locator('[id="K3-1-1"]')
    critere.locator("summary").focus()
    retenues[0].continue_()
    expect(critere).to_contain_text("À poser en question")
    expect(critere.locator("summary")).to_be_focused()
    page_muette.keyboard.press("Enter")
    expect(critere.locator("textarea")).to_be_visible()
    assert gestes(salle) == [("critere:K3.1.1", "non_observe")]


def test_la_page_relue_laisse_le_focus_sur_le_meme_lien(live_server, page_muette: Page, salle: Salle):
    ouvrir(page_muette, live_server, salle)
    page_muette.get_by_role("link", name="Clore la grille").focus()
    page_muette.evaluate("""() => {
      const bas = document.getElementById("gestes-du-bas");
      bas.append(" ");  // ce que le serveur redira autrement
      document.querySelector('button[value="entretien"]').click();
    }""")
    recu(page_muette)
    expect(page_muette.get_by_role("link", name="Clore la grille")).to_be_focused()
