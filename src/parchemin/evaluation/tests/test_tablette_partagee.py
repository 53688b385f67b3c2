"""Une tablette, deux onglets, deux personnes : se déconnecter n'efface que ce qui est à soi, et jamais sous un geste."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from parchemin.convocations.tests.factories import Salle
from parchemin.evaluation.tests.test_hors_ligne import CODE, garde, reserve, sans_reseau
from parchemin.evaluation.tests.test_navigateur import (
    ENREGISTRE,
    choix,
    couper,
    etat,
    gestes,
    ouvrir,
    ouvrir_session,
)

pytestmark = pytest.mark.django_db(transaction=True)


def se_deconnecter(page: Page, live_server) -> None:
    page.goto(f"{live_server.url}/")
    page.get_by_role("button", name="Votre compte").click()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("heading", name="Se connecter")).to_be_visible(timeout=10_000)


def preparer(page: Page, live_server) -> None:
    page.goto(f"{live_server.url}/ma-journee/")
    page.get_by_label("Code, de 6 à 12 chiffres").fill(CODE)
    page.get_by_role("button", name="Préparer ma journée").click()
    expect(page.locator("[data-parchemin-preparation]")).to_contain_text("Tout est prêt sur cet appareil.")


def lignes(page: Page, magasin: str) -> int:
    """Combien de lignes dans ce magasin ; aucune si la base n'existe plus."""
    garde_ici = reserve(page).splitlines()
    return int(garde_ici[garde_ici.index(magasin) + 1]) if magasin in garde_ici else 0


def test_un_onglet_reste_ouvert_note_encore_apres_la_deconnexion_et_rien_n_est_perdu(
    live_server, context: BrowserContext, page: Page, salle: Salle
):
    ouvrir(page, live_server, salle)
    choix(page, "K3.1.1", "Validé").click()
    expect(etat(page)).to_have_text(ENREGISTRE)
    garde(page)
    autre = context.new_page()
    se_deconnecter(autre, live_server)
    choix(page, "K3.1.2", "Non validé").click()
    expect(etat(page)).to_contain_text("1 geste gardé sur cet appareil. Votre connexion a expiré : reconnectez-vous")
    page.close()
    assert gestes(salle) == [("critere:K3.1.1", "valide")]
    ouvrir_session(context, live_server, salle.metier)
    ouvrir(autre, live_server, salle)
    expect(choix(autre, "K3.1.2", "Non validé")).to_have_attribute("aria-pressed", "true")
    expect(etat(autre)).to_have_text(ENREGISTRE)
    assert gestes(salle) == [("critere:K3.1.1", "valide"), ("critere:K3.1.2", "non_valide")]


def test_le_navigateur_efface_tout_sous_un_onglet_et_le_geste_suivant_se_garde_avec_sa_cle(
    live_server, context: BrowserContext, page: Page, salle: Salle
):
    ouvrir(page, live_server, salle)
    garde(page)
    couper(page)
    session = context.new_cdp_session(page)
    session.send("Storage.clearDataForOrigin", {"origin": live_server.url, "storageTypes": "indexeddb"})
    choix(page, "K3.1.1", "Validé").click()
    expect(etat(page)).to_contain_text("1 geste gardé sur cet appareil")
    page.close()
    autre = context.new_page()
    ouvrir(autre, live_server, salle)
    expect(etat(autre)).to_have_text(ENREGISTRE)
    assert gestes(salle) == [("critere:K3.1.1", "valide")]


def test_l_autre_se_deconnecte_et_la_journee_preparee_par_la_premiere_reste_sous_son_code(
    live_server, context: BrowserContext, page: Page, salle: Salle
):
    preparer(page, live_server)
    page.close()
    ouvrir_session(context, live_server, salle.certificateur)
    autre = context.new_page()
    ouvrir(autre, live_server, salle)
    garde(autre)
    se_deconnecter(autre, live_server)
    assert (lignes(autre, "coffres"), lignes(autre, "pages")) == (1, 1)
    with sans_reseau(live_server, context):
        ouvrir(autre, live_server, salle)
        autre.get_by_label("Votre code").fill(CODE)
        autre.get_by_role("button", name="Ouvrir mes grilles").click()
        choix(autre, "K3.2.1", "Validé").click()
        expect(etat(autre)).to_contain_text("1 geste gardé sur cet appareil")
    ouvrir_session(context, live_server, salle.metier)
    autre.reload()
    expect(etat(autre)).to_have_text(ENREGISTRE)
    assert gestes(salle) == [("critere:K3.2.1", "valide")]


def test_l_autre_se_deconnecte_sans_rien_voir_des_gestes_qui_attendent_la_premiere(
    live_server, context: BrowserContext, page: Page, salle: Salle
):
    demandes: list[str] = []
    ouvrir(page, live_server, salle)
    garde(page)
    couper(page)
    choix(page, "K3.1.1", "Validé").click()
    expect(etat(page)).to_contain_text("1 geste gardé")
    page.close()
    ouvrir_session(context, live_server, salle.certificateur)
    autre = context.new_page()
    autre.on("dialog", lambda dialogue: (demandes.append(dialogue.message), dialogue.accept()))
    se_deconnecter(autre, live_server)
    assert demandes == []
    ouvrir_session(context, live_server, salle.metier)
    ouvrir(autre, live_server, salle)
    expect(etat(autre)).to_have_text(ENREGISTRE)
    assert gestes(salle) == [("critere:K3.1.1", "valide")]


def test_l_onglet_qu_une_autre_personne_reprend_n_ouvre_plus_la_grille_de_la_premiere(
    live_server, context: BrowserContext, page: Page, salle: Salle
):
    """La lecture de l'une resterait à l'écran de l'autre dès que le réseau manque."""
    ouvrir(page, live_server, salle)
    choix(page, "K3.1.1", "Non validé").click()
    expect(etat(page)).to_have_text(ENREGISTRE)
    garde(page)
    ouvrir_session(context, live_server, salle.certificateur)
    ouvrir(page, live_server, salle)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    expect(choix(page, "K3.1.1", "Non validé")).to_have_attribute("aria-pressed", "false")
    page.wait_for_timeout(500)
    with sans_reseau(live_server, context):
        page.reload()
        expect(choix(page, "K3.1.1", "Non validé")).to_have_attribute("aria-pressed", "false")
        choix(page, "K3.1.2", "Validé").click()
        expect(etat(page)).to_contain_text("1 geste gardé sur cet appareil")
    expect(etat(page)).to_have_text(ENREGISTRE, timeout=10_000)
    assert (gestes(salle), gestes(salle, salle.certificateur)) == (
        [("critere:K3.1.1", "non_valide")],
        [("critere:K3.1.2", "valide")],
    )


def test_un_navigateur_qui_ne_sait_pas_nommer_ses_bases_envoie_et_efface_quand_meme(
    live_server, context: BrowserContext, page: Page, salle: Salle
):
    context.add_init_script("delete IDBFactory.prototype.databases")
    ouvrir(page, live_server, salle)
    garde(page)
    couper(page)
    choix(page, "K3.1.1", "Validé").click()
    expect(etat(page)).to_contain_text("1 geste gardé")
    page.close()
    autre = context.new_page()
    with autre.expect_response("**/faits") as reponse:
        autre.goto(f"{live_server.url}/")
    assert reponse.value.json()["reponses"][0]["etat"] == "acceptee"
    autre.wait_for_timeout(300)
    se_deconnecter(autre, live_server)
    assert autre.evaluate("caches.keys().then((noms) => noms.length)") == 0


def test_une_base_qui_ne_repond_pas_n_empeche_pas_de_se_deconnecter(
    live_server, context: BrowserContext, page: Page, salle: Salle
):
    ouvrir(page, live_server, salle)
    garde(page)
    context.add_init_script("IDBFactory.prototype.open = () => ({})")
    se_deconnecter(page, live_server)
