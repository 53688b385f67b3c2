"""La grille dans un vrai navigateur : ce qui arrive aux gestes quand tout va bien, et quand plus rien ne va."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Page, Route, expect

from parchemin.comptes.tests import factories as comptes
from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import Salle
from parchemin.evaluation import selectors, services
from parchemin.evaluation.models import Fait
from parchemin.evaluation.tests import factories
from parchemin.socle.acteur import Acteur
from tests.parcours.postes import violations

pytestmark = pytest.mark.django_db(transaction=True)

ENREGISTRE = "Enregistré"
GARDE = re.compile("Non envoyé, 1 geste gardé sur cet appareil")


def ouvrir_session(context: BrowserContext, live_server, acteur: Acteur) -> None:
    """Connecte cette personne dans ce navigateur."""
    cookie = comptes.client(acteur).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])


def ouvrir(page: Page, live_server, salle: Salle) -> None:
    page.goto(f"{live_server.url}/epreuves/{salle.epreuve}/grille/")


def choix(page: Page, critere: str, mot: str):
    return page.locator(f'[id="{critere.replace(".", "-")}"]').get_by_role("button", name=mot, exact=True)


def etat(page: Page):
    return page.locator("[data-parchemin-etat]")


def gestes(salle: Salle, acteur: Acteur | None = None) -> list[tuple[str, object]]:
    return [(f.cible, f.valeur) for f in selectors.faits(acteur or salle.metier, salle.epreuve)]


def couper(page: Page) -> None:
    """Le réseau tombe pour l'échange."""
    page.route("**/faits", lambda route: route.abort())


def retablir(page: Page) -> None:
    page.unroute("**/faits")
    page.evaluate("dispatchEvent(new Event('online'))")


def test_un_geste_est_garde_sans_quitter_la_page(live_server, page_muette: Page, salle: Salle):
    ouvrir(page_muette, live_server, salle)
    page_muette.evaluate("window.restee = true")
    choix(page_muette, "K3.1.1", "Validé").click()
    expect(page_muette.locator("#compte-C3\\.1")).to_contain_text("1 sur 4")
    expect(page_muette.locator("#resume")).to_contain_text("1 critère renseigné sur 10")
    expect(etat(page_muette)).to_have_text(ENREGISTRE)
    expect(choix(page_muette, "K3.1.1", "Validé")).to_be_focused()
    assert page_muette.evaluate("window.restee") is True
    assert gestes(salle) == [("critere:K3.1.1", "valide")]


def test_sans_reseau_le_geste_attend_survit_au_rechargement_et_part_une_seule_fois(
    live_server, page: Page, salle: Salle
):
    page.on("dialog", lambda dialogue: dialogue.accept())
    ouvrir(page, live_server, salle)
    couper(page)
    choix(page, "K3.1.1", "Validé").click()
    expect(etat(page)).to_have_text(GARDE)
    expect(choix(page, "K3.1.1", "Validé")).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(etat(page)).to_have_text(GARDE)
    assert gestes(salle) == []
    retablir(page)
    expect(etat(page)).to_have_text(ENREGISTRE)
    expect(choix(page, "K3.1.1", "Validé")).to_have_attribute("aria-pressed", "true")
    assert gestes(salle) == [("critere:K3.1.1", "valide")]


def test_on_quitte_sans_crainte_ce_qui_est_garde_mais_on_ne_clot_pas(live_server, page: Page, salle: Salle):
    dialogues = []
    page.on("dialog", lambda dialogue: (dialogues.append(dialogue.type), dialogue.accept()))
    ouvrir(page, live_server, salle)
    couper(page)
    choix(page, "K3.1.1", "Validé").click()
    expect(etat(page)).to_have_text(GARDE)
    page.get_by_role("link", name="Clore la grille").click()
    expect(etat(page)).to_have_text(GARDE)
    assert page.url.endswith("/grille/")
    page.get_by_role("link", name="Épreuve", exact=True).click()
    page.wait_for_url(f"{live_server.url}/epreuves/{salle.epreuve}/")
    assert dialogues == []
    ouvrir(page, live_server, salle)
    expect(etat(page)).to_have_text(GARDE)
    expect(choix(page, "K3.1.1", "Validé")).to_have_attribute("aria-pressed", "true")


def test_on_est_prevenu_avant_de_quitter_ce_que_l_appareil_n_a_pas_pu_garder(live_server, page: Page, salle: Salle):
    dialogues = []
    page.on("dialog", lambda dialogue: (dialogues.append(dialogue.type), dialogue.dismiss()))
    page.add_init_script(
        "IDBObjectStore.prototype.put = () => { throw new DOMException('plein', 'QuotaExceededError') }"
    )
    ouvrir(page, live_server, salle)
    couper(page)
    choix(page, "K3.1.1", "Validé").click()
    expect(etat(page)).to_have_text("Attention : un geste n’est gardé que par cette page. Ne la fermez pas.")
    page.evaluate("location.reload()")
    page.wait_for_timeout(300)
    assert dialogues == ["beforeunload"]
    retablir(page)
    expect(etat(page)).to_have_text("Enregistré. Cet appareil ne garde rien : restez en ligne.")
    assert gestes(salle) == [("critere:K3.1.1", "valide")]


def test_une_reponse_perdue_n_ajoute_pas_le_geste_deux_fois(live_server, page: Page, salle: Salle):
    ouvrir(page, live_server, salle)
    pertes = []

    def perdre(route: Route) -> None:
        if pertes:
            route.continue_()
            return
        pertes.append(route.fetch().json()["reponses"][0]["etat"])
        route.abort()

    page.route("**/faits", perdre)
    choix(page, "K3.1.1", "Non validé").click()
    expect(etat(page)).to_have_text(ENREGISTRE)
    assert pertes == ["acceptee"]
    assert gestes(salle) == [("critere:K3.1.1", "non_valide")]


@pytest.mark.parametrize("statut", [500, 502, 503])
def test_une_panne_du_serveur_se_reessaie(live_server, page: Page, salle: Salle, statut):
    ouvrir(page, live_server, salle)
    page.route("**/faits", lambda route: route.fulfill(status=statut, body="<html>panne</html>"), times=1)
    choix(page, "K3.1.1", "Validé").click()
    expect(etat(page)).to_have_text(ENREGISTRE, timeout=10_000)
    assert gestes(salle) == [("critere:K3.1.1", "valide")]


def test_une_session_expiree_garde_les_gestes_et_le_dit(live_server, context: BrowserContext, page: Page, salle: Salle):
    ouvrir(page, live_server, salle)
    cookies = context.cookies()
    context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    choix(page, "K3.1.1", "Validé").click()
    expect(etat(page)).to_have_text(GARDE)
    expect(etat(page)).to_contain_text("Votre connexion a expiré : reconnectez-vous, vos gestes sont gardés.")
    context.add_cookies(cookies)
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(etat(page)).to_have_text(ENREGISTRE)
    assert gestes(salle) == [("critere:K3.1.1", "valide")]


def test_l_autre_evaluateur_se_connecte_sur_la_meme_tablette_et_ne_recoit_pas_ces_gestes(
    live_server, context: BrowserContext, page: Page, salle: Salle
):
    ouvrir(page, live_server, salle)
    couper(page)
    choix(page, "K3.1.1", "Validé").click()
    expect(etat(page)).to_have_text(GARDE)
    ouvrir_session(context, live_server, salle.certificateur)
    retablir(page)
    expect(etat(page)).to_contain_text("Une autre personne s’est connectée : ces gestes attendent leur auteur.")
    assert Fait.objects.count() == 0


def test_un_onglet_recopie_prend_un_autre_nom_d_appareil(live_server, page: Page, salle: Salle):
    ouvrir(page, live_server, salle)
    choix(page, "K3.1.1", "Validé").click()
    expect(etat(page)).to_have_text(ENREGISTRE)
    with page.expect_popup() as ouverture:
        page.evaluate("window.open(location.href)")
    copie = ouverture.value
    choix(page, "K3.1.2", "Validé").click()
    expect(etat(page)).to_have_text(ENREGISTRE)
    expect(page.locator("#resume")).to_contain_text("2 critères renseignés")
    choix(copie, "K3.1.3", "Validé").click()
    expect(etat(copie)).to_have_text(ENREGISTRE)
    expect(copie.locator("#resume")).to_contain_text("3 critères renseignés")  # la page s'est relue
    assert sorted(gestes(salle)) == [(f"critere:K3.1.{n}", "valide") for n in (1, 2, 3)]
    assert Fait.objects.values("appareil").distinct().count() == 2
    assert selectors.grille(salle.metier, salle.epreuve).conflits == ()
    assert copie.get_by_role("alert").count() == 0


def test_un_geste_refuse_se_dit_et_la_page_montre_ce_qui_est_garde(live_server, page: Page, salle: Salle):
    ouvrir(page, live_server, salle)
    factories.remplir(salle, salle.metier)
    factories.clore(salle, salle.metier)
    choix(page, "K3.1.1", "Non validé").click()
    expect(page.get_by_role("alert")).to_contain_text("Votre lecture est scellée : plus rien ne peut la changer.")
    expect(page.get_by_role("alert")).to_contain_text("K3.1.1 : non validé")
    expect(choix(page, "K3.1.1", "Validé")).to_have_attribute("aria-pressed", "true")


def test_annuler_remonte_geste_par_geste(live_server, page_muette: Page, salle: Salle):
    ouvrir(page_muette, live_server, salle)
    remarque = page_muette.locator('[id="K3-1-2"] textarea')
    choix(page_muette, "K3.1.1", "Validé").click()
    choix(page_muette, "K3.1.1", "Non validé").click()
    page_muette.locator('[id="K3-1-2"] summary').click()
    remarque.fill("À l’appel de 10 h 12.")
    annuler = page_muette.get_by_role("button", name="Annuler le geste")
    annuler.click()
    expect(remarque).to_have_value("")
    annuler.click()
    expect(choix(page_muette, "K3.1.1", "Validé")).to_have_attribute("aria-pressed", "true")
    expect(etat(page_muette)).to_have_text(ENREGISTRE)
    grille = selectors.grille(salle.metier, salle.epreuve)
    assert (grille.etats, grille.commentaires) == ({"K3.1.1": "valide"}, {})
    page_muette.reload()  # la page a oublié ce qu'elle a fait ; le serveur, non
    page_muette.get_by_role("button", name="Annuler le geste").click()
    expect(choix(page_muette, "K3.1.1", "Validé")).to_have_attribute("aria-pressed", "false")
    expect(page_muette.locator("#resume")).to_contain_text("0 critère renseigné sur 10")


def test_la_remarque_d_un_autre_appareil_arrive_a_l_ecran_au_geste_suivant(
    live_server, page_muette: Page, salle: Salle
):
    from uuid import uuid4

    ouvrir(page_muette, live_server, salle)
    ailleurs = factories.fait(salle, 1, "commentaire:K3.1.2", "Notée ailleurs.", appareil=uuid4())
    services.recevoir_faits(epreuve=salle.epreuve, lot=[ailleurs], auteur=salle.metier, maintenant=convocations.JOUR)
    choix(page_muette, "K3.1.1", "Validé").click()
    expect(page_muette.locator('[id="K3-1-2"] textarea')).to_have_value("Notée ailleurs.")
    assert selectors.grille(salle.metier, salle.epreuve).conflits == ()


def test_une_remarque_tapee_part_avant_que_la_page_ne_change(live_server, page_muette: Page, salle: Salle):
    ouvrir(page_muette, live_server, salle)
    page_muette.locator('[id="K3-1-2"] summary').click()
    page_muette.locator('[id="K3-1-2"] textarea').press_sequentially("Reformule deux fois.")
    page_muette.get_by_role("link", name="Épreuve", exact=True).click()
    page_muette.wait_for_url(f"{live_server.url}/epreuves/{salle.epreuve}/")
    assert gestes(salle) == [("commentaire:K3.1.2", "Reformule deux fois.")]


def test_ce_qui_se_tape_ailleurs_reste_quand_la_page_se_relit(live_server, context: BrowserContext, page_muette: Page):
    salle = convocations.salle("B1")
    ouvrir_session(context, live_server, salle.metier)
    ouvrir(page_muette, live_server, salle)
    page_muette.get_by_role("button", name="+ Courrier").click()
    page_muette.get_by_label("Motif d’un courrier ou courriel").fill("Changement d’adresse")
    page_muette.keyboard.press("Escape")
    page_muette.get_by_role("button", name="Double écoute").click()
    expect(page_muette.get_by_role("button", name="Double écoute")).to_have_attribute("aria-pressed", "true")
    expect(etat(page_muette)).to_have_text(ENREGISTRE)
    page_muette.get_by_role("button", name="+ Entretien").click()
    expect(page_muette.locator("#mesures")).to_contain_text("1 sur 2")
    page_muette.get_by_role("button", name="+ Courrier").click()
    expect(page_muette.get_by_label("Motif d’un courrier ou courriel")).to_have_value("Changement d’adresse")
    page_muette.get_by_label("Motif d’un courrier ou courriel").press("Enter")
    expect(page_muette.locator("#mesures")).to_contain_text("1 sur 5")
    expect(etat(page_muette)).to_have_text(ENREGISTRE)
    grille = selectors.grille(salle.metier, salle.epreuve)
    assert [(c.motif, c.preselectionne) for c in grille.courriers.values()] == [("Changement d’adresse", True)]
    assert list(grille.entretiens.values()) == ["double_ecoute"]
    assert grille.phases == {}


def test_un_clavier_francais_sans_pave_note_d_une_seule_touche(
    live_server, context: BrowserContext, page_muette: Page, salle: Salle
):
    """Sa rangée de chiffres donne « & », « é », « " » ; dans un champ, et avec Ctrl, elle reste ce qu'elle est."""
    clavier = context.new_cdp_session(page_muette)

    def presser(signe: str, rang: int, ctrl: int = 0) -> None:
        touche = {"key": signe, "code": f"Digit{rang}", "modifiers": 2 * ctrl}
        clavier.send("Input.dispatchKeyEvent", touche | {"type": "keyDown"} | ({} if ctrl else {"text": signe}))
        clavier.send("Input.dispatchKeyEvent", touche | {"type": "keyUp"})

    ouvrir(page_muette, live_server, salle)
    page_muette.evaluate("document.addEventListener('keydown', (une) => (window.retenue = une.defaultPrevented))")
    lieu = page_muette.get_by_label("Lieu ou poste observé")
    lieu.focus()
    presser("é", 2)
    expect(lieu).to_have_value("é")
    assert page_muette.evaluate("window.retenue") is False
    lieu.fill("")
    choix(page_muette, "K3.1.1", "Validé").focus()
    presser("é", 2, ctrl=1)
    presser('"', 3)
    expect(choix(page_muette, "K3.1.1", "Non observé")).to_have_attribute("aria-pressed", "true")
    assert page_muette.evaluate("window.retenue") is True
    expect(etat(page_muette)).to_have_text(ENREGISTRE)
    assert gestes(salle)[-1:] == [("critere:K3.1.1", "non_observe")]
    assert ("critere:K3.1.1", "non_valide") not in gestes(salle)


def test_sans_javascript_la_meme_page_fait_les_memes_faits(live_server, browser):
    salle = convocations.salle("B1")
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    ouvrir_session(context, live_server, salle.metier)
    page = context.new_page()
    ouvrir(page, live_server, salle)
    page.get_by_label("Lieu ou poste observé").press("Enter")  # ne presse pas le premier bouton venu
    page.get_by_role("button", name="Double écoute").click()
    choix(page, "K1.1.1", "Validé").click()
    expect(choix(page, "K1.1.1", "Validé")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Annuler le geste").click()
    assert gestes(salle) == [
        ("alternative", "double_ecoute"),
        ("critere:K1.1.1", "valide"),
        ("critere:K1.1.1", None),
    ]
    context.close()


@pytest.mark.parametrize("bloc", ["B1", "B2"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("largeur", [390, 820, 1280])
def test_la_grille_est_accessible_et_ne_deborde_pas(live_server, context, page_muette: Page, bloc, theme, largeur):
    salle = convocations.salle(bloc)
    ouvrir_session(context, live_server, salle.metier)
    page_muette.set_viewport_size({"width": largeur, "height": 900})
    page_muette.emulate_media(color_scheme=theme)
    ouvrir(page_muette, live_server, salle)
    assert violations(page_muette) == []
    assert page_muette.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    trop_petits = page_muette.evaluate(
        "[...document.querySelectorAll('button:not(.hors-vue)')].filter(b => b.offsetHeight && b.offsetHeight < 44)"
        ".map(b => b.textContent.trim())"
    )
    assert trop_petits == []
