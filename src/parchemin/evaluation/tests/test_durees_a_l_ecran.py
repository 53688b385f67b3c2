"""Le temps d'une phase, dans un vrai navigateur : une durée mal écrite n'efface rien, et l'écran reste allumé tant qu'elle court."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from parchemin.convocations.tests.factories import Salle
from parchemin.evaluation.tests.test_navigateur import ENREGISTRE, choix, etat, gestes, ouvrir

pytestmark = pytest.mark.django_db(transaction=True)

VEILLE = """
  window.verrous = [];
  Object.defineProperty(navigator, "wakeLock", {
    value: {
      request: async (quoi) => {
        const verrou = Object.assign(new EventTarget(), { quoi, tenu: true });
        verrou.release = async () => {
          if (verrou.tenu) { verrou.tenu = false; verrou.dispatchEvent(new Event("release")); }
        };
        verrous.push(verrou);
        return verrou;
      },
    },
  });
"""
TENUS = "verrous.filter(({ tenu }) => tenu).length"


@pytest.mark.parametrize("ecrite", ["20.5", "20,5", "-3"])
def test_une_duree_qui_n_est_pas_un_nombre_entier_de_minutes_n_efface_pas_celle_d_avant(
    live_server, page: Page, salle: Salle, ecrite: str
):
    ouvrir(page, live_server, salle)
    champ = page.locator('[name="duree:observation"]')
    champ.fill("20")
    champ.blur()
    expect(etat(page)).to_have_text(ENREGISTRE)
    assert gestes(salle) == [("phase:observation:duree", 20)]
    champ.fill("")
    champ.press_sequentially(ecrite)
    champ.blur()
    expect(champ).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("alert")).to_contain_text("en minutes entières")
    choix(page, "K3.1.1", "Validé").click()  # le reste de la grille se note
    expect(page.locator("#resume")).to_contain_text("1 critère renseigné")
    expect(etat(page)).to_have_text(ENREGISTRE)
    assert gestes(salle) == [("phase:observation:duree", 20), ("critere:K3.1.1", "valide")]
    champ.fill("25")
    champ.blur()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(etat(page)).to_have_text(ENREGISTRE)
    assert gestes(salle)[-1] == ("phase:observation:duree", 25)


def attendre(page: Page, compte: str, voulu: int) -> None:
    """Attend que ce compte soit celui qu'on veut, cinq secondes au plus."""
    for _ in range(50):
        if page.evaluate(compte) == voulu:
            return
        page.wait_for_timeout(100)
    assert page.evaluate(compte) == voulu


def test_l_ecran_reste_allume_tant_qu_une_phase_court(live_server, page: Page, salle: Salle):
    page.add_init_script(VEILLE)
    ouvrir(page, live_server, salle)
    assert page.evaluate(TENUS) == 0
    page.get_by_role("button", name="Commencer : Observation").click()
    attendre(page, TENUS, 1)
    assert page.evaluate("verrous[0].quoi") == "screen"
    # l'appareil le reprend : il se redemande, quand la page revient
    page.evaluate("verrous[0].release()")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    attendre(page, f"{TENUS} + verrous.length", 3)
    page.get_by_role("button", name="Finir : Observation").click()
    attendre(page, TENUS, 0)
    expect(etat(page)).to_have_text(ENREGISTRE)


def test_un_appareil_qui_refuse_de_rester_allume_n_empeche_rien(live_server, page: Page, salle: Salle):
    erreurs: list[str] = []
    page.on("pageerror", lambda erreur: erreurs.append(str(erreur)))
    page.add_init_script(
        "Object.defineProperty(navigator, 'wakeLock', { value: { request: () => Promise.reject(new Error('non')) } })"
    )
    ouvrir(page, live_server, salle)
    page.get_by_role("button", name="Commencer : Observation").click()
    expect(etat(page)).to_have_text(ENREGISTRE)
    page.wait_for_timeout(1_500)
    assert erreurs == []
