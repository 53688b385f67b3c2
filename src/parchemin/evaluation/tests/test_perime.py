"""Sans réseau, ce qu'un geste dément ne reste pas écrit : cela se cache, ou se dit à jour au retour du réseau."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import Salle
from parchemin.evaluation import selectors
from parchemin.evaluation.tests import factories
from parchemin.evaluation.tests.test_annuler_a_l_ecran import annuler, recu
from parchemin.evaluation.tests.test_navigateur import (
    ENREGISTRE,
    choix,
    couper,
    etat,
    ouvrir,
    ouvrir_session,
    retablir,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_un_critere_tranche_ne_se_dit_plus_a_poser_en_question(live_server, page: Page, salle: Salle):
    ouvrir(page, live_server, salle)
    choix(page, "K3.1.1", "Non observé").click()
    recu(page)
    indication = page.locator('[id="K3-1-1"]').get_by_text("À poser en question")
    expect(indication).to_be_visible()
    couper(page)
    choix(page, "K3.1.1", "Validé").click()
    expect(indication).to_be_hidden()
    annuler(page).click()
    expect(indication).to_be_visible()
    choix(page, "K3.1.1", "Non validé").click()
    retablir(page)
    recu(page)
    expect(indication).to_have_count(0)


def test_une_remarque_qui_designe_quelqu_un_reste_signalee(live_server, page: Page, salle: Salle):
    ouvrir(page, live_server, salle)
    critere = page.locator('[id="K3-1-1"]')
    critere.locator("summary").click()
    critere.locator("textarea").fill("Rappeler au 06 12 34 56 78.")
    choix(page, "K3.1.1", "Non observé").click()
    recu(page)
    alerte = critere.locator(".critere-indication")
    expect(alerte).to_contain_text("Ce texte semble porter")
    couper(page)
    choix(page, "K3.1.1", "Validé").click()
    expect(etat(page)).to_contain_text("1 geste gardé")
    expect(alerte).to_be_visible()


def test_une_rangee_de_points_se_dit_a_jour_au_retour_du_reseau(live_server, page: Page, salle: Salle):
    factories.regler(salle, "seuils_masques", False)
    ouvrir(page, live_server, salle)
    compte = page.locator("#compte-C3\\.1")
    expect(compte.locator("svg")).to_be_visible()
    choix(page, "K3.1.1", "Validé").click()
    recu(page)
    expect(compte).to_contain_text("1 validé ; il en faut")
    couper(page)
    choix(page, "K3.1.2", "Validé").click()
    expect(compte.get_by_text("à jour au retour du réseau")).to_be_visible()
    expect(compte.locator("svg")).to_be_hidden()
    expect(page.locator("#compte-C3\\.2 svg")).to_be_visible()
    retablir(page)
    recu(page)
    expect(compte).to_contain_text("2 validés ; il en faut")
    expect(compte.locator("svg")).to_be_visible()


def test_ce_que_l_on_retire_sans_reseau_quitte_l_ecran_et_s_y_remet(live_server, context: BrowserContext, page: Page):
    salle = convocations.salle("B1")
    ouvrir_session(context, live_server, salle.metier)
    ouvrir(page, live_server, salle)
    page.get_by_role("button", name="Double écoute").click()
    for _ in range(2):
        page.get_by_role("button", name="+ Entretien").click()
    recu(page)
    page.locator("#bloc-conditions").evaluate("pli => { pli.open = true }")
    retirer = page.locator("#bloc-conditions li").get_by_role("button", name="Retirer")
    expect(retirer).to_have_count(2)
    couper(page)
    retirer.first.focus()
    page.keyboard.press("Enter")
    expect(retirer).to_have_count(1)
    expect(retirer).to_be_focused()
    annuler(page).click()
    expect(retirer).to_have_count(2)
    retirer.first.click()  # rien ne l'a éteint
    expect(retirer).to_have_count(1)
    expect(page.locator("#mesures")).to_contain_text("1 sur 2")
    retablir(page)
    expect(etat(page)).to_have_text(ENREGISTRE)
    assert len(selectors.grille(salle.metier, salle.epreuve).entretiens) == 1
