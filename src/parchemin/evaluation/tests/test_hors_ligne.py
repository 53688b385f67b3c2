"""Évaluer sans réseau, dans un vrai navigateur : rien ne se perd, rien ne se lit, la même personne retrouve tout."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from parchemin.convocations.tests.factories import Salle
from parchemin.evaluation.models import GesteAbandonne
from parchemin.evaluation.tests import factories
from parchemin.evaluation.tests.test_navigateur import (
    ENREGISTRE,
    choix,
    couper,
    etat,
    gestes,
    ouvrir,
    ouvrir_session,
    retablir,
)

pytestmark = pytest.mark.django_db(transaction=True)

CODE = "271828"


def garde(page: Page) -> None:
    """Attend que le gardien tienne la page et que la grille soit dans le coffre."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.evaluate(
        """async () => {
             const compter = (base) => new Promise((oui) => {
               const demande = base.transaction("pages").objectStore("pages").count();
               demande.onsuccess = () => oui(demande.result);
             });
             const base = await new Promise((oui) => {
               const demande = indexedDB.open("parchemin");
               demande.onsuccess = () => oui(demande.result);
             });
             while (!(await compter(base)) || !navigator.serviceWorker.controller) await new Promise((s) => setTimeout(s, 20));
             base.close();
           }"""
    )


@contextmanager
def sans_reseau(live_server, context: BrowserContext) -> Iterator[None]:
    """Plus de réseau, des deux côtés : une page née de la coquille échappe parfois à la coupure que tient le navigateur."""
    serveur = live_server.thread.httpd
    application = serveur.get_app()

    def coupee(_environ, repondre):
        repondre("503 Service Unavailable", [])
        return [b""]

    serveur.set_app(coupee)
    context.set_offline(True)
    try:
        yield
    finally:
        serveur.set_app(application)
        context.set_offline(False)


def reserve(page: Page) -> str:
    """Tout ce que l'appareil garde (base, mémoire d'onglet, caches), en un texte."""
    return page.evaluate(
        """async () => {
             const base = await new Promise((oui) => {
               const demande = indexedDB.open("parchemin");
               demande.onsuccess = () => oui(demande.result);
             });
             const tout = [];
             const decoder = new TextDecoder("utf-8", { fatal: false });
             const clair = (_cle, v) => (v instanceof Uint8Array || v instanceof ArrayBuffer ? decoder.decode(v) : v);
             for (const nom of base.objectStoreNames) {
               const lignes = await new Promise((oui) => {
                 const demande = base.transaction(nom).objectStore(nom).getAll();
                 demande.onsuccess = () => oui(demande.result);
               });
               tout.push(nom, lignes.length, JSON.stringify(lignes, clair));
             }
             base.close();
             for (const nom of await caches.keys())
               for (const reponse of await (await caches.open(nom)).matchAll()) tout.push(reponse.url, await reponse.text());
             tout.push(JSON.stringify({ ...sessionStorage }), JSON.stringify({ ...localStorage }));
             return tout.join("\\n");
           }"""
    )


def test_sans_reseau_on_note_on_recharge_on_note_encore_et_tout_arrive(
    live_server, context: BrowserContext, page: Page, salle: Salle
):
    ouvrir(page, live_server, salle)
    choix(page, "K3.1.1", "Validé").click()
    expect(etat(page)).to_have_text(ENREGISTRE)
    garde(page)
    with sans_reseau(live_server, context):
        choix(page, "K3.1.2", "Non validé").click()
        page.get_by_role("button", name="Commencer : Observation").click()
        page.get_by_role("button", name="+ Entretien").click()
        expect(etat(page)).to_contain_text("3 gestes gardés sur cet appareil")
        page.reload()
        expect(etat(page)).to_contain_text("3 gestes gardés sur cet appareil")
        expect(choix(page, "K3.1.1", "Validé")).to_have_attribute("aria-pressed", "true")
        expect(choix(page, "K3.1.2", "Non validé")).to_have_attribute("aria-pressed", "true")
        expect(page.locator("#mesures")).to_contain_text("1 sur 2")
        page.get_by_role("button", name="Finir : Observation").click()
        page.locator('[id="K3-1-2"] summary').click()
        page.locator('[id="K3-1-2"] textarea').fill("Oubliée deux fois.")
        page.locator('[id="K3-1-2"] textarea').blur()
        expect(etat(page)).to_contain_text("5 gestes gardés sur cet appareil")
        assert gestes(salle) == [("critere:K3.1.1", "valide")]
    expect(etat(page)).to_have_text(ENREGISTRE, timeout=10_000)
    recus = [(cible.partition(":entretien")[0].split(":")[0], cible) for cible, _ in gestes(salle)]
    assert [genre for genre, _ in recus].count("entretien") == 1
    assert sorted((cible, valeur) for cible, valeur in gestes(salle) if not cible.startswith("entretien")) == [
        ("commentaire:K3.1.2", "Oubliée deux fois."),
        ("critere:K3.1.1", "valide"),
        ("critere:K3.1.2", "non_valide"),
        ("phase:observation:debut", True),
        ("phase:observation:fin", True),
    ]


def test_l_onglet_tue_la_journee_preparee_se_rouvre_par_le_code(
    live_server, context: BrowserContext, page: Page, salle: Salle
):
    page.goto(f"{live_server.url}/ma-journee/")
    page.get_by_label("Code, de 6 à 12 chiffres").fill(CODE)
    page.get_by_role("button", name="Préparer ma journée").click()
    expect(page.locator("[data-parchemin-preparation]")).to_contain_text("Tout est prêt sur cet appareil.")
    expect(page.locator("[data-parchemin-ici]")).to_have_text("prête hors ligne")
    with sans_reseau(live_server, context):
        page.close()
        autre = context.new_page()
        ouvrir(autre, live_server, salle)
        autre.get_by_label("Votre code").fill("000000")
        autre.get_by_role("button", name="Ouvrir mes grilles").click()
        expect(autre.get_by_role("alert")).to_contain_text("Ce n’est pas ce code.")
        autre.get_by_label("Votre code").fill(CODE)
        autre.get_by_role("button", name="Ouvrir mes grilles").click()
        choix(autre, "K3.2.1", "Validé").click()
        expect(etat(autre)).to_contain_text("1 geste gardé sur cet appareil")
    expect(etat(autre)).to_have_text(ENREGISTRE, timeout=10_000)
    assert gestes(salle) == [("critere:K3.2.1", "valide")]


def test_une_tape_plus_prompte_que_les_scripts_attend_et_se_fait(
    live_server, context: BrowserContext, page: Page, salle: Salle
):
    page.goto(f"{live_server.url}/ma-journee/")
    page.get_by_label("Code, de 6 à 12 chiffres").fill(CODE)
    page.get_by_role("button", name="Préparer ma journée").click()
    expect(page.locator("[data-parchemin-ici]")).to_have_text("prête hors ligne")
    with sans_reseau(live_server, context):
        page.close()
        autre = context.new_page()
        # dès que la grille paraît, avant tout script : la tape part de la page même
        autre.add_init_script(
            """new MutationObserver((_, guetteur) => {
                 const bouton = document.querySelector('button[name="critere:K3.2.1"][value="valide"]');
                 if (bouton) { guetteur.disconnect(); bouton.click(); }
               }).observe(document, { childList: true, subtree: true });"""
        )
        ouvrir(autre, live_server, salle)
        autre.get_by_label("Votre code").fill(CODE)
        autre.get_by_role("button", name="Ouvrir mes grilles").click()
        expect(etat(autre)).to_contain_text("1 geste gardé sur cet appareil")
        expect(choix(autre, "K3.2.1", "Validé")).to_have_attribute("aria-pressed", "true")
    expect(etat(autre)).to_have_text(ENREGISTRE, timeout=10_000)
    assert gestes(salle) == [("critere:K3.2.1", "valide")]


def test_un_autre_onglet_envoie_ce_que_l_onglet_tue_avait_garde(
    live_server, context: BrowserContext, page: Page, salle: Salle
):
    ouvrir(page, live_server, salle)
    garde(page)
    couper(page)
    choix(page, "K3.1.1", "Validé").click()
    expect(etat(page)).to_contain_text("1 geste gardé")
    page.close()
    accueil = context.new_page()
    accueil.goto(f"{live_server.url}/ma-journee/")
    expect(accueil.locator("[data-parchemin-ici]")).to_have_text("prête hors ligne", timeout=10_000)
    assert gestes(salle) == [("critere:K3.1.1", "valide")]
    with sans_reseau(live_server, context):
        ouvrir(accueil, live_server, salle)
        expect(choix(accueil, "K3.1.1", "Validé")).to_have_attribute("aria-pressed", "true")


def test_le_navigateur_meurt_avant_d_avoir_reparle_au_serveur_et_rien_n_est_perdu(
    live_server, context: BrowserContext, page: Page, salle: Salle
):
    context.route("**/hors-ligne/cle/", lambda route: route.abort())
    ouvrir(page, live_server, salle)
    couper(page)
    choix(page, "K3.1.1", "Validé").click()
    expect(etat(page)).to_contain_text("1 geste gardé sur cet appareil")
    page.close()  # le secret de l'onglet meurt avec lui : seul celui que portait la page rouvre le coffre
    autre = context.new_page()
    ouvrir(autre, live_server, salle)
    expect(etat(autre)).to_have_text(ENREGISTRE)
    expect(choix(autre, "K3.1.1", "Validé")).to_have_attribute("aria-pressed", "true")
    assert gestes(salle) == [("critere:K3.1.1", "valide")]


def test_rien_de_ce_qui_est_garde_ne_se_lit(live_server, page: Page, salle: Salle):
    ouvrir(page, live_server, salle)
    garde(page)
    couper(page)
    page.locator('[id="K3-1-2"] summary').click()
    page.locator('[id="K3-1-2"] textarea').fill("Remarque-témoin")
    choix(page, "K3.1.1", "Non validé").click()
    expect(etat(page)).to_contain_text("2 gestes gardés")
    garde_ici = reserve(page)
    assert "/hors-ligne/" in garde_ici
    assert [mot for mot in ("Remarque-témoin", "critere:K3", "non_valide", "Camille") if mot in garde_ici] == []
    retablir(page)
    expect(etat(page)).to_have_text(ENREGISTRE)
    assert "gestes\n0\n[]" in reserve(page)


def test_un_geste_refuse_reste_jusqu_a_ce_qu_on_y_renonce(live_server, page: Page, salle: Salle):
    ouvrir(page, live_server, salle)
    factories.remplir(salle, salle.metier)
    factories.clore(salle, salle.metier)
    choix(page, "K3.1.1", "Non validé").click()
    expect(page.get_by_role("alert")).to_contain_text("Votre lecture est scellée")
    page.goto(
        f"{live_server.url}/ma-journee/"
    )  # la grille scellée se relit sans script : c'est ici que le refus se redit
    expect(page.get_by_role("alert")).to_contain_text("K3.1.1 : non validé. Votre lecture")
    assert GesteAbandonne.objects.count() == 0
    renoncer = page.get_by_role("button", name="Renoncer à ce geste")
    renoncer.click()
    expect(renoncer).to_have_count(0)
    assert list(GesteAbandonne.objects.values_list("code", "contenu__cible", "contenu__valeur")) == [
        ("lecture_scellee", "critere:K3.1.1", "non_valide")
    ]


def test_rechargee_en_plein_envoi_la_page_montre_ce_qui_vient_d_etre_recu(live_server, page: Page, salle: Salle):
    """Le serveur rend la page avant de recevoir ce que la page d'avant saura acquitté, et n'enverra donc plus."""
    ouvrir(page, live_server, salle)
    retenus: list[Route] = []

    def retenir(route: Route) -> None:
        retenus.append(route)

    page.route("**/faits", retenir)
    choix(page, "K3.1.1", "Validé").click()
    expect(etat(page)).to_contain_text("En cours d’envoi")
    page.route("**/grille/", retenir)
    page.evaluate("() => void setTimeout(() => location.reload())")
    while len(retenus) < 2:
        page.wait_for_timeout(20)
    envoi, rechargement = retenus
    trop_tot = rechargement.fetch()
    envoi.continue_()
    while not gestes(salle):
        page.wait_for_timeout(20)
    page.wait_for_timeout(300)  # l'accusé efface le geste de la file
    rechargement.fulfill(response=trop_tot)
    page.unroute_all()
    expect(choix(page, "K3.1.1", "Validé")).to_have_attribute("aria-pressed", "true")
    assert gestes(salle) == [("critere:K3.1.1", "valide")]


def test_la_file_de_la_version_d_avant_se_reprend(live_server, page: Page, salle: Salle):
    ouvrir(page, live_server, salle)
    reglages = json.loads(page.locator("#grille-reglages").text_content() or "")
    ancien = {
        "id": str(uuid4()),
        "appareil": str(uuid4()),
        "rang": 1,
        "cible": "critere:K3.1.1",
        "valeur": "valide",
        "remplace": None,
        "vus": {},
        "mural": "2026-11-20T10:12:31.482+01:00",
        "monotone_ms": 1_795_515_151_482,
        "norme": reglages["norme"],
    }
    cle = f"parchemin-grille {reglages['faits']} {reglages['personne']}"
    contenu = json.dumps({"appareil": ancien["appareil"], "rang": 1, "file": [ancien]})
    page.evaluate("([cle, contenu]) => sessionStorage.setItem(cle, contenu)", [cle, contenu])
    page.reload()
    expect(choix(page, "K3.1.1", "Validé")).to_have_attribute("aria-pressed", "true")
    expect(etat(page)).to_have_text(ENREGISTRE)
    assert gestes(salle) == [("critere:K3.1.1", "valide")]


def test_se_deconnecter_previent_garde_et_rend_a_la_meme_personne(
    live_server, context: BrowserContext, page: Page, salle: Salle
):
    demandes: list[str] = []
    page.on("dialog", lambda dialogue: (demandes.append(dialogue.message), dialogue.accept()))
    ouvrir(page, live_server, salle)
    couper(page)
    choix(page, "K3.1.1", "Validé").click()
    expect(etat(page)).to_contain_text("1 geste gardé")
    page.goto(f"{live_server.url}/")
    page.get_by_role("button", name="Votre compte").click()
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url(lambda url: "epreuves" not in url)
    expect(page.get_by_role("heading", name="Se connecter")).to_be_visible()
    assert [demande.partition(".")[0] for demande in demandes] == ["1 geste n’est pas encore envoyé"]
    assert gestes(salle) == []
    retablir(page)
    ouvrir_session(context, live_server, salle.metier)
    with page.expect_response("**/faits") as reponse:
        page.goto(f"{live_server.url}/")  # n'importe quelle page d'elle : ce qui attend repart
    assert reponse.value.json()["reponses"][0]["etat"] == "acceptee"
    assert gestes(salle) == [("critere:K3.1.1", "valide")]


def test_se_deconnecter_sans_rien_devoir_vide_l_appareil(live_server, page: Page, salle: Salle):
    ouvrir(page, live_server, salle)
    choix(page, "K3.1.1", "Validé").click()
    expect(etat(page)).to_have_text(ENREGISTRE)
    garde(page)
    page.goto(f"{live_server.url}/")
    page.get_by_role("button", name="Votre compte").click()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("heading", name="Se connecter")).to_be_visible()
    assert page.evaluate("indexedDB.databases().then((bases) => bases.length)") == 0
    assert page.evaluate("caches.keys().then((noms) => noms.length)") == 0
