"""Un coffre lent, muet ou plein : un geste ne part que rangé ; si l'appareil ne range rien, il part quand même, et on le dit."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from parchemin.convocations.tests.factories import Salle
from parchemin.evaluation.tests.test_navigateur import (
    ENREGISTRE,
    choix,
    couper,
    etat,
    gestes,
    ouvrir,
    retablir,
)

pytestmark = pytest.mark.django_db(transaction=True)

NE_GARDE_RIEN = "Enregistré. Cet appareil ne garde rien : restez en ligne."
RETENIR = """
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...tout) {
    const demande = put.apply(this, tout);
    const tenir = () => window.retenu && (this.count().onsuccess = tenir);  // la transaction ne se clôt pas
    if (this.name === "gestes") tenir();
    return demande;
  };
"""


def envois(page: Page) -> list[str]:
    partis: list[str] = []
    page.on("request", lambda demande: demande.url.endswith("/faits") and partis.append(demande.url))
    return partis


def test_un_geste_ne_part_qu_une_fois_range(live_server, page: Page, salle: Salle):
    partis = envois(page)
    page.add_init_script(RETENIR)
    ouvrir(page, live_server, salle)
    expect(etat(page)).to_have_text(ENREGISTRE)
    page.evaluate("window.retenu = true")
    choix(page, "K3.1.1", "Validé").click()
    page.evaluate("dispatchEvent(new Event('focus'))")
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_timeout(600)
    assert partis == []
    page.evaluate("window.retenu = false")
    expect(etat(page)).to_have_text(ENREGISTRE)
    assert (len(partis), gestes(salle)) == (1, [("critere:K3.1.1", "valide")])


@pytest.mark.parametrize(
    "muet", ["IDBFactory.prototype.open = () => ({})", f"{RETENIR}; window.retenu = true"], ids=["base", "ecriture"]
)
def test_un_coffre_qui_ne_repond_jamais_n_arrete_ni_les_gestes_ni_la_cloture(
    live_server, page: Page, salle: Salle, muet
):
    page.add_init_script(muet)
    ouvrir(page, live_server, salle)
    for rang in (1, 2, 3, 4):
        choix(page, f"K3.1.{rang}", "Validé").click()
    expect(etat(page)).to_have_text(NE_GARDE_RIEN, timeout=8_000)
    assert gestes(salle) == [(f"critere:K3.1.{rang}", "valide") for rang in (1, 2, 3, 4)]
    page.get_by_role("link", name="Clore la grille").click()
    page.wait_for_url("**/clore/")


def test_la_place_revenue_ce_qui_n_avait_pu_se_ranger_se_range(
    live_server, context: BrowserContext, page: Page, salle: Salle
):
    page.on("dialog", lambda dialogue: dialogue.accept())
    ouvrir(page, live_server, salle)
    expect(etat(page)).to_have_text(ENREGISTRE)
    couper(page)
    page.evaluate(
        """() => {
             const put = IDBObjectStore.prototype.put;
             IDBObjectStore.prototype.put = function (...tout) {
               if (window.plein) throw new DOMException("plein", "QuotaExceededError");
               return put.apply(this, tout);
             };
             window.plein = true;
           }"""
    )
    choix(page, "K3.1.1", "Validé").click()
    expect(etat(page)).to_have_text("Attention : un geste n’est gardé que par cette page. Ne la fermez pas.")
    page.evaluate("window.plein = false")
    choix(page, "K3.1.2", "Validé").click()
    expect(etat(page)).to_contain_text("Non envoyé, 2 gestes gardés sur cet appareil", timeout=10_000)
    page.close()
    autre = context.new_page()
    ouvrir(autre, live_server, salle)
    expect(etat(autre)).to_have_text(ENREGISTRE)
    assert sorted(gestes(salle)) == [("critere:K3.1.1", "valide"), ("critere:K3.1.2", "valide")]


def test_le_quota_atteint_en_ligne_n_arrete_rien(live_server, page: Page, salle: Salle):
    page.add_init_script(
        "IDBObjectStore.prototype.put = () => { throw new DOMException('plein', 'QuotaExceededError') }"
    )
    ouvrir(page, live_server, salle)
    choix(page, "K3.1.1", "Validé").click()
    expect(etat(page)).to_have_text(NE_GARDE_RIEN)
    assert gestes(salle) == [("critere:K3.1.1", "valide")]
    couper(page)
    choix(page, "K3.1.2", "Validé").click()
    expect(etat(page)).to_contain_text("n’est gardé que par cette page")
    retablir(page)
    expect(etat(page)).to_have_text(NE_GARDE_RIEN)
