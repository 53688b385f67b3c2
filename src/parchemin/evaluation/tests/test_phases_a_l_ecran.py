"""Le temps d'une phase, sans réseau, dans un vrai navigateur : ce que l'écran dit est ce que le serveur comptera."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from parchemin.convocations.tests.factories import JOUR, Salle
from parchemin.evaluation import selectors, services
from parchemin.evaluation.tests.factories import fait
from parchemin.evaluation.tests.test_hors_ligne import garde, sans_reseau
from parchemin.evaluation.tests.test_navigateur import ENREGISTRE, etat, ouvrir

pytestmark = pytest.mark.django_db(transaction=True)

MONTRE = """{
  const vraie = performance.now.bind(performance);
  window.avance = 0;
  performance.now = () => vraie() + avance * 60_000;
}"""


@pytest.fixture
def grille(live_server, page: Page, salle: Salle) -> Page:
    """La grille ouverte et gardée, sur une montre que l'essai avance."""
    page.add_init_script(MONTRE)
    ouvrir(page, live_server, salle)
    garde(page)
    return page


def passer(page: Page, minutes: int) -> None:
    """Laisse passer ces minutes, d'un coup."""
    page.evaluate("minutes => { window.avance += minutes; }", minutes)


def presser(page: Page, nom: str) -> None:
    page.get_by_role("button", name=nom).click()


def se_mettre_en_pause(page: Page) -> None:
    presser(page, "Pause : Observation")
    page.locator('button[name="pause:observation"][value="Incident technique"]').click()


def phase(page: Page) -> Locator:
    return page.locator("#phase-observation")


def jauge(page: Page) -> Locator:
    return phase(page).locator(".jauge-compte")


def minutes_comptees(salle: Salle) -> int:
    duree = selectors.grille(salle.metier, salle.epreuve).phases["observation"].duree_ms
    assert duree is not None
    return duree // 60_000


def test_la_jauge_d_une_phase_finie_dit_ce_qu_elle_a_dure(
    live_server, context: BrowserContext, grille: Page, salle: Salle
):
    with sans_reseau(live_server, context):
        presser(grille, "Commencer : Observation")
        passer(grille, 8)
        presser(grille, "Finir : Observation")
        expect(jauge(grille)).to_have_text("8 sur 20 min")
    expect(etat(grille)).to_have_text(ENREGISTRE, timeout=10_000)
    expect(jauge(grille)).to_have_text("8 sur 20 min")
    assert minutes_comptees(salle) == 8


def test_annuler_la_fin_rend_le_chronometre_ou_il_en_etait(
    live_server, context: BrowserContext, grille: Page, salle: Salle
):
    presser(grille, "Commencer : Observation")
    passer(grille, 8)
    presser(grille, "Finir : Observation")
    dernier = grille.locator("#liste-gestes li").first
    expect(dernier).to_contain_text("Observation : fin")  # la page s'est relue
    with sans_reseau(live_server, context):
        presser(grille, "Mes gestes")
        dernier.get_by_role("button").click()
        expect(phase(grille)).to_have_attribute("data-etat", "en_cours")
        expect(phase(grille).locator("[data-parchemin-chrono]")).to_have_text(re.compile(r"^8:\d\d$"))


def test_retirer_la_pause_d_une_phase_finie_lui_rend_ses_minutes_et_la_laisse_finie(
    live_server, context: BrowserContext, grille: Page, salle: Salle
):
    presser(grille, "Commencer : Observation")
    se_mettre_en_pause(grille)
    passer(grille, 5)
    presser(grille, "Reprendre")
    passer(grille, 8)
    presser(grille, "Finir : Observation")
    expect(jauge(grille)).to_have_text("8 sur 20 min")
    retirer = grille.get_by_role("button", name=re.compile("^Retirer.*5 min"))
    expect(retirer).to_be_visible()
    with sans_reseau(live_server, context):
        retirer.click()
        expect(jauge(grille)).to_have_text("13 sur 20 min")
        expect(phase(grille)).to_have_attribute("data-etat", "finie")
        expect(grille.get_by_role("button", name="Finir : Observation")).to_be_hidden()
    expect(etat(grille)).to_have_text(ENREGISTRE, timeout=10_000)
    expect(jauge(grille)).to_have_text("13 sur 20 min")
    assert minutes_comptees(salle) == 13


def test_finie_en_pause_une_phase_ne_compte_que_jusqu_a_la_pause(
    live_server, context: BrowserContext, grille: Page, salle: Salle
):
    with sans_reseau(live_server, context):
        presser(grille, "Commencer : Observation")
        passer(grille, 6)
        se_mettre_en_pause(grille)
        passer(grille, 9)
        presser(grille, "Finir : Observation")
        expect(jauge(grille)).to_have_text("6 sur 20 min")
    expect(etat(grille)).to_have_text(ENREGISTRE, timeout=10_000)
    assert minutes_comptees(salle) == 6


def test_une_duree_ecrite_finit_la_phase_et_la_suivante_peut_commencer(
    live_server, context: BrowserContext, grille: Page, salle: Salle
):
    ecrite = grille.locator('[name="duree:observation"]')
    suivante = grille.get_by_role("button", name="Commencer : Questions")
    with sans_reseau(live_server, context):
        ecrite.fill("21")
        ecrite.blur()
        expect(suivante).to_be_visible()
        expect(jauge(grille)).to_have_text("21 sur 20 min")
        ecrite.fill("")
        ecrite.blur()
        expect(suivante).to_be_hidden()
        expect(grille.get_by_role("button", name="Commencer : Observation")).to_be_visible()
        expect(jauge(grille)).to_have_text("0 sur 20 min")
        ecrite.fill("21")
        ecrite.blur()
        expect(suivante).to_be_visible()
    expect(etat(grille)).to_have_text(ENREGISTRE, timeout=10_000)
    expect(suivante).to_be_visible()
    assert minutes_comptees(salle) == 21


def test_une_page_gardee_d_avant_sait_encore_ou_en_est_une_phase(
    live_server, context: BrowserContext, grille: Page, salle: Salle
):
    """Ses phases n'ont pas de `data-bornes`."""
    presser(grille, "Commencer : Observation")
    expect(etat(grille)).to_have_text(ENREGISTRE)
    expect(grille.locator("#liste-gestes li").first).to_contain_text("Observation : ")  # la page s'est relue
    phase(grille).evaluate("une => une.removeAttribute('data-bornes')")
    with sans_reseau(live_server, context):
        for geste, ou in (
            (lambda: se_mettre_en_pause(grille), "en_pause"),
            (lambda: presser(grille, "Reprendre"), "en_cours"),
            (lambda: presser(grille, "Finir : Observation"), "finie"),
        ):
            geste()
            expect(phase(grille)).to_have_attribute("data-etat", ou)


def test_deux_debuts_se_departagent_par_la_duree_ecrite(live_server, page: Page, salle: Salle):
    """Deux appareils ont commencé l'observation : le lien mène au champ, même replié, même depuis les questions."""
    instant = JOUR + timedelta(minutes=5)
    for cible, valeur, quand in (
        ("phase:observation:debut", True, JOUR),
        ("phase:observation:debut", True, JOUR + timedelta(minutes=2)),
        ("alternative", "double_ecoute", JOUR),
    ):
        lot = [fait(salle, 1, cible, valeur, appareil=uuid4(), mural=quand.isoformat())]
        services.recevoir_faits(epreuve=salle.epreuve, lot=lot, auteur=salle.metier, maintenant=instant)
    ouvrir(page, live_server, salle)
    conflit = page.locator("#conflits")
    expect(conflit).to_contain_text("Observation (début) : deux de vos appareils ne disent pas la même chose : à ")
    expect(page.locator('[name="phase:observation:debut"]')).to_be_hidden()
    page.get_by_role("link", name="Passer aux questions").click()
    conflit.get_by_role("link", name="Écrivez la durée dans « Les conditions de l’épreuve »").click()
    ecrite = page.locator("#duree-observation")
    expect(ecrite).to_be_focused()
    expect(ecrite).to_be_visible()
    ecrite.fill("20")
    ecrite.blur()
    expect(etat(page)).to_have_text(ENREGISTRE)
    expect(conflit).to_be_empty()
    expect(page.get_by_role("button", name="Commencer : Questions")).to_be_visible()
