"""Un motif laissé vide ne note rien, et le dit : le volet reste ouvert, le curseur dans le champ."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import Salle
from parchemin.evaluation import selectors
from parchemin.evaluation.tests.test_navigateur import ENREGISTRE, etat, gestes, ouvrir, ouvrir_session
from tests.parcours.postes import violations

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def salle(live_server, context: BrowserContext) -> Salle:
    """Le bloc 1 : lui seul a des courriers."""
    salle = convocations.salle("B1")
    ouvrir_session(context, live_server, salle.metier)
    return salle


def test_une_pause_sans_motif_ne_ferme_pas_le_volet(live_server, page_muette: Page, salle: Salle):
    ouvrir(page_muette, live_server, salle)
    page_muette.get_by_role("button", name="Commencer : Observation").click()
    page_muette.get_by_role("button", name="Pause : Observation").click()
    volet = page_muette.get_by_role("dialog", name="Pourquoi cette pause ?")
    champ = volet.get_by_label("Autre motif")
    volet.get_by_role("button", name="Mettre en pause").click()
    alerte = volet.get_by_role("alert")
    expect(alerte).to_have_text("Rien n’est noté : écrivez d’abord le motif.")
    expect(champ).to_be_focused()
    expect(champ).to_have_attribute("aria-invalid", "true")
    expect(champ).to_have_accessible_description("Rien n’est noté : écrivez d’abord le motif.")
    assert violations(page_muette) == []
    champ.press("Enter")  # la touche n'en dit pas moins, ni deux fois
    expect(alerte).to_have_count(1)
    expect(page_muette.locator("#phase-observation")).to_have_attribute("data-etat", "en_cours")
    champ.press_sequentially("Alerte incendie")
    expect(alerte).to_have_count(0)
    volet.get_by_role("button", name="Mettre en pause").click()
    expect(volet).to_be_hidden()
    expect(page_muette.locator("#phase-observation")).to_have_attribute("data-etat", "en_pause")
    expect(etat(page_muette)).to_have_text(ENREGISTRE)
    pauses = selectors.grille(salle.metier, salle.epreuve).phases["observation"].pauses
    assert [pause.motif for pause in pauses] == ["Alerte incendie"]


def test_un_courrier_sans_motif_ne_se_note_pas(live_server, page_muette: Page, salle: Salle):
    ouvrir(page_muette, live_server, salle)
    page_muette.get_by_role("button", name="+ Courrier").click()
    volet = page_muette.get_by_role("dialog", name="Un courrier ou courriel")
    volet.get_by_role("button", name="Noter ce courrier").click()
    expect(volet.get_by_role("alert")).to_have_text("Rien n’est noté : écrivez d’abord le motif.")
    expect(page_muette.locator("#motif")).to_be_focused()
    volet.get_by_role("button", name="Fermer").click()
    page_muette.get_by_role("button", name="+ Courrier").click()
    expect(volet.get_by_role("alert")).to_have_count(0)  # rouvert, le volet est neuf
    assert gestes(salle) == []
    page_muette.locator("#motif").fill("Changement d’adresse")
    volet.get_by_role("button", name="Noter ce courrier").click()
    expect(page_muette.locator("#compte-courrier")).to_contain_text("1 sur 5")
    expect(etat(page_muette)).to_have_text(ENREGISTRE)
    courriers = selectors.grille(salle.metier, salle.epreuve).courriers
    assert [courrier.motif for courrier in courriers.values()] == ["Changement d’adresse"]


def test_une_question_laissee_vide_le_dit_aussi(live_server, page_muette: Page, salle: Salle):
    ouvrir(page_muette, live_server, salle)
    page_muette.get_by_role("link", name="Passer aux questions").click()
    premiere = page_muette.locator("[data-parchemin-entretien] > li").first
    premiere.get_by_role("button", name="Noter", exact=True).click()
    expect(premiere.get_by_role("alert")).to_have_text("Rien n’est noté : écrivez d’abord la question.")
    expect(premiere.get_by_role("textbox", name="Autre question")).to_be_focused()
    assert gestes(salle) == []
