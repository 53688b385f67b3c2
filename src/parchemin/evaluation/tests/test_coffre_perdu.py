"""Un coffre fait sans que le serveur donne son secret : l'onglet fermé, plus rien ne l'ouvre. L'appareil n'en est pas perdu pour autant."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from parchemin.convocations.tests.factories import Salle
from parchemin.evaluation.tests.test_hors_ligne import reserve
from parchemin.evaluation.tests.test_navigateur import ENREGISTRE, choix, couper, etat, gestes, ouvrir

pytestmark = pytest.mark.django_db(transaction=True)

NE_GARDE_RIEN = "Enregistré. Cet appareil ne garde rien : restez en ligne."
LACHE = "navigator.locks.query().then(({ held }) => !held.some(({ name }) => name.startsWith('parchemin-fragile')))"


@pytest.fixture
def journee(live_server, context: BrowserContext, page: Page, salle: Salle) -> Page:
    """« Ma journée », ouverte la première fois sur cet appareil pendant que le secret du serveur ne vient pas."""
    context.route("**/hors-ligne/cle/", lambda route: route.abort())
    page.goto(f"{live_server.url}/ma-journee/")
    expect(page.get_by_role("button", name="Préparer ma journée")).to_be_enabled()
    context.unroute("**/hors-ligne/cle/")
    return page


def test_il_se_refait_et_garde_de_nouveau(live_server, context: BrowserContext, journee: Page, salle: Salle):
    journee.close()
    autre = context.new_page()
    ouvrir(autre, live_server, salle)
    expect(etat(autre)).to_have_text(ENREGISTRE)
    couper(autre)
    choix(autre, "K3.1.1", "Validé").click()
    expect(etat(autre)).to_contain_text("1 geste gardé sur cet appareil")
    autre.close()
    encore = context.new_page()
    ouvrir(encore, live_server, salle)
    expect(choix(encore, "K3.1.1", "Validé")).to_have_attribute("aria-pressed", "true")
    expect(etat(encore)).to_have_text(ENREGISTRE)
    assert gestes(salle) == [("critere:K3.1.1", "valide")]


def test_il_reste_tant_qu_un_onglet_le_tient(live_server, context: BrowserContext, journee: Page, salle: Salle):
    autre = context.new_page()
    ouvrir(autre, live_server, salle)
    expect(etat(autre)).to_have_text(NE_GARDE_RIEN)
    journee.close()
    autre.wait_for_function(LACHE)
    autre.reload()
    expect(etat(autre)).to_have_text(ENREGISTRE)


def test_il_reste_s_il_garde_un_geste(live_server, context: BrowserContext, journee: Page, salle: Salle):
    journee.evaluate(
        """async ([personne, epreuve]) => {
             const base = await new Promise((oui) => {
               const demande = indexedDB.open("parchemin");
               demande.onsuccess = () => oui(demande.result);
             });
             const transaction = base.transaction("gestes", "readwrite");
             transaction.objectStore("gestes").put({ personne, epreuve, id: "un", iv: new Uint8Array(12), chiffre: new Uint8Array(20) });
             await new Promise((oui) => (transaction.oncomplete = oui));
             base.close();
           }""",
        [str(salle.metier.id), str(salle.epreuve)],
    )
    journee.close()
    autre = context.new_page()
    ouvrir(autre, live_server, salle)
    expect(etat(autre)).to_have_text(NE_GARDE_RIEN)
    assert "gestes\n1" in reserve(autre)
