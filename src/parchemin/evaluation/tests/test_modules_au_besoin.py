"""Ce que la grille charge au besoin : là avant qu'on en ait besoin, et encore là après une mise à jour du serveur."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from parchemin.convocations.tests.factories import Salle
from parchemin.evaluation.tests.test_hors_ligne import garde, sans_reseau
from parchemin.evaluation.tests.test_navigateur import ENREGISTRE, choix, etat, gestes, ouvrir
from parchemin.portail.views import gardien

pytestmark = pytest.mark.django_db(transaction=True)

CHARGES = "performance.getEntriesByType('resource').filter(({ name }) => name.includes('/evaluation/') && name.includes('.js')).length"


@pytest.fixture
def sans_gardien(context: BrowserContext) -> None:
    """Un navigateur qui n'a pas de gardien, ou pas encore."""
    context.add_init_script("ServiceWorkerContainer.prototype.register = () => Promise.reject(new Error('non'))")


@pytest.fixture
def _script_du_gardien() -> Iterator[None]:
    gardien._script.cache_clear()
    yield
    gardien._script.cache_clear()


@pytest.mark.usefixtures("sans_gardien")
def test_des_le_premier_geste_tout_est_la_et_le_reseau_peut_manquer(live_server, page: Page, salle: Salle):
    manques: list[str] = []
    page.on("requestfailed", lambda demande: demande.resource_type == "script" and manques.append(demande.url))
    page.on("pageerror", lambda erreur: manques.append(str(erreur)))
    ouvrir(page, live_server, salle)
    expect(etat(page)).to_have_text(ENREGISTRE)
    assert page.evaluate(CHARGES) == 6
    choix(page, "K3.1.1", "Validé").click()
    expect(etat(page)).to_have_text(ENREGISTRE)
    page.wait_for_function(f"{CHARGES} >= 21")
    page.route("**/faits", lambda route: route.fulfill(status=503, body=""))
    page.route("**/static/**", lambda route: route.abort())
    page.keyboard.press("ArrowDown")
    expect(choix(page, "K3.1.2", "Validé")).to_be_focused()
    page.keyboard.press("2")
    expect(choix(page, "K3.1.2", "Non validé")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Commencer : Observation").click()
    page.get_by_role("button", name="+ Entretien").click()
    expect(page.locator("#mesures")).to_contain_text("1 sur 2")
    page.get_by_label("Chercher un critère").fill("K3.1.2")
    expect(page.locator("[data-parchemin-trouves]")).to_have_text("1 critère")
    page.get_by_label("Chercher un critère").fill("")
    page.locator(".barre-basse").get_by_role("button", name="Annuler le geste").click()
    expect(page.locator("#mesures")).to_contain_text("0 sur 2")
    page.get_by_role("link", name="Passer aux questions").click()
    expect(page.locator("[data-parchemin-entretien] > li")).to_have_count(9)
    assert manques == []


@pytest.mark.usefixtures("sans_gardien")
def test_un_module_demande_sans_reseau_se_redemande_a_son_retour(live_server, page: Page, salle: Salle):
    """Le navigateur garde l'échec d'un module : le même nom échouerait jusqu'au rechargement."""
    erreurs: list[str] = []
    page.on("pageerror", lambda erreur: erreurs.append(str(erreur)))
    ouvrir(page, live_server, salle)
    page.route("**/*", lambda route: route.abort())
    choix(page, "K3.1.1", "Validé").click()
    expect(etat(page)).to_contain_text("1 geste gardé sur cet appareil")
    page.get_by_role("link", name="Passer aux questions").click()
    expect(etat(page)).to_have_text("Le réseau manque : réessayez à son retour.")
    page.locator(".barre-basse").get_by_role("button", name="Annuler le geste").click()
    page.keyboard.press("ArrowDown")
    page.get_by_label("Chercher un critère").fill("K3.1.2")
    page.unroute_all()
    page.get_by_label("Chercher un critère").fill("K3.1.3")
    expect(page.locator("[data-parchemin-trouves]")).to_have_text("1 critère")
    page.get_by_label("Chercher un critère").fill("")
    expect(etat(page)).to_have_text(ENREGISTRE, timeout=10_000)
    choix(page, "K3.1.2", "Non validé").click()
    expect(etat(page)).to_have_text(ENREGISTRE)
    page.get_by_role("link", name="Passer aux questions").click()
    expect(page.locator("[data-parchemin-entretien] > li")).to_have_count(9)
    assert (erreurs, sorted(gestes(salle))) == (
        [],
        [("critere:K3.1.1", "valide"), ("critere:K3.1.2", "non_valide")],
    )


@pytest.mark.usefixtures("_script_du_gardien")
def test_une_page_d_avant_la_mise_a_jour_trouve_encore_ses_modules(
    live_server, context: BrowserContext, page: Page, salle: Salle, monkeypatch
):
    """Le serveur n'a plus ces fichiers ; le gardien neuf garde ceux de la version d'avant, et pas de plus vieux."""
    caches = "caches.keys().then((noms) => noms.length)"
    ouvrir(page, live_server, salle)
    garde(page)
    for fois, manquants in enumerate(
        ({"evaluation/entretien.js"}, {"evaluation/entretien.js", "evaluation/chrono.js"})
    ):
        restants = tuple(nom for nom in gardien.FICHIERS if nom not in manquants)
        monkeypatch.setattr(gardien, "FICHIERS", restants)
        gardien._script.cache_clear()
        page.evaluate("""() => new Promise((oui) => {
          navigator.serviceWorker.addEventListener("controllerchange", oui, { once: true });
          navigator.serviceWorker.getRegistration().then((une) => une.update());
        })""")
        page.wait_for_function(f"{caches}.then((nombre) => nombre === 2)")
        if fois == 0:
            with sans_reseau(live_server, context):
                page.get_by_role("link", name="Passer aux questions").click()
                expect(page.locator("[data-parchemin-entretien] > li")).to_have_count(10)
                page.get_by_role("link", name="Revenir à la grille").click()
    with sans_reseau(live_server, context):
        page.reload()
        choix(page, "K3.1.1", "Validé").click()
        expect(etat(page)).to_contain_text("1 geste gardé sur cet appareil")
    expect(etat(page)).to_have_text(ENREGISTRE, timeout=10_000)
    assert gestes(salle) == [("critere:K3.1.1", "valide")]


def test_un_reseau_qui_accepte_et_se_tait_n_empeche_pas_la_page_gardee_de_s_ouvrir(
    live_server, page: Page, salle: Salle
):
    """La page arrive du serveur ; ses feuilles et ses modules, jamais."""
    ouvrir(page, live_server, salle)
    garde(page)
    serveur = live_server.thread.httpd
    application = serveur.get_app()
    fin = Event()

    def muette(environ, repondre):
        if environ["PATH_INFO"].startswith("/static/"):
            fin.wait(60)
        return application(environ, repondre)

    serveur.set_app(muette)
    try:
        page.goto(f"{live_server.url}/epreuves/{salle.epreuve}/grille/", wait_until="commit")
        choix(page, "K3.1.1", "Validé").click(timeout=15_000)
        expect(choix(page, "K3.1.1", "Validé")).to_have_attribute("aria-pressed", "true", timeout=15_000)
        expect(etat(page)).to_have_text(ENREGISTRE, timeout=15_000)
    finally:
        fin.set()
        serveur.set_app(application)
    assert gestes(salle) == [("critere:K3.1.1", "valide")]
