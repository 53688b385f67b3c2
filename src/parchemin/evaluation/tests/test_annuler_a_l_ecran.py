"""Annuler, dans un vrai navigateur : le bon geste, tous les gestes, et ce que l'écran en dit."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import Salle
from parchemin.evaluation import selectors
from parchemin.evaluation.tests.test_hors_ligne import garde, sans_reseau
from parchemin.evaluation.tests.test_navigateur import ENREGISTRE, choix, etat, ouvrir, ouvrir_session
from tests.parcours.postes import violations

pytestmark = pytest.mark.django_db(transaction=True)


def recu(page: Page) -> None:
    """Tout est parti, et la page s'est relue."""
    page.wait_for_load_state("networkidle")
    expect(etat(page)).to_have_text(ENREGISTRE)


def annuler(page: Page) -> Locator:
    return page.locator(".barre-basse").get_by_role("button", name="Annuler le geste")


def pressee(page: Page, critere: str, mot: str) -> None:
    expect(choix(page, critere, mot)).to_have_attribute("aria-pressed", "true")


def test_revenir_au_choix_d_avant_est_un_geste_et_c_est_lui_que_l_on_annule(
    live_server, page_muette: Page, salle: Salle
):
    ouvrir(page_muette, live_server, salle)
    for critere, mot in (("K3.1.1", "Validé"), ("K3.1.1", "Non validé"), ("K3.1.2", "Validé"), ("K3.1.1", "Validé")):
        choix(page_muette, critere, mot).click()
    recu(page_muette)
    annuler(page_muette).click()
    pressee(page_muette, "K3.1.1", "Non validé")
    pressee(page_muette, "K3.1.2", "Validé")
    recu(page_muette)
    assert selectors.grille(salle.metier, salle.epreuve).etats == {"K3.1.1": "non_valide", "K3.1.2": "valide"}


def test_une_remarque_videe_se_retrouve(live_server, page_muette: Page, salle: Salle):
    ouvrir(page_muette, live_server, salle)
    page_muette.locator('[id="K3-1-2"] summary').click()
    remarque = page_muette.locator('[id="K3-1-2"] textarea')
    for texte in ("Reformule deux fois.", ""):
        remarque.fill(texte)
        remarque.blur()
        recu(page_muette)
    annuler(page_muette).click()
    expect(remarque).to_have_value("Reformule deux fois.")
    recu(page_muette)
    assert selectors.grille(salle.metier, salle.epreuve).commentaires == {"K3.1.2": "Reformule deux fois."}


def test_une_competence_abordee_puis_otee_par_erreur_se_remet(live_server, context: BrowserContext, page_muette: Page):
    salle = convocations.salle("B2")
    ouvrir_session(context, live_server, salle.metier)
    ouvrir(page_muette, live_server, salle)
    page_muette.locator('.choix button[value="valide"]').first.click()
    abordee = page_muette.locator('button[name^="competence_abordee:"]').first
    for pose in ("true", "false"):
        abordee.click()
        expect(abordee).to_have_attribute("aria-pressed", pose)
        recu(page_muette)
    annuler(page_muette).click()
    expect(abordee).to_have_attribute("aria-pressed", "true")
    recu(page_muette)
    grille = selectors.grille(salle.metier, salle.epreuve)
    assert (len(grille.competences_abordees), list(grille.etats.values())) == (1, ["valide"])


def test_une_pause_retiree_est_dans_mes_gestes_et_s_y_remet(live_server, page_muette: Page, salle: Salle):
    ouvrir(page_muette, live_server, salle)
    page_muette.get_by_role("button", name="Commencer : Observation").click()
    page_muette.get_by_role("button", name="Pause : Observation").click()
    page_muette.locator('button[name="pause:observation"]').first.click()
    recu(page_muette)
    motifs = [pause.motif for pause in selectors.grille(salle.metier, salle.epreuve).phases["observation"].pauses]
    page_muette.locator("#bloc-conditions").evaluate("pli => { pli.open = true }")
    page_muette.locator('[name^="retirer:phase:observation:pause:"]').click()
    recu(page_muette)
    assert selectors.grille(salle.metier, salle.epreuve).phases["observation"].pauses == ()
    page_muette.get_by_role("button", name="Mes gestes").click()
    retiree = page_muette.locator("#liste-gestes li").first
    expect(retiree).to_contain_text("Observation : pause (retiré)")
    retiree.get_by_role("button").click()
    recu(page_muette)
    remises = selectors.grille(salle.metier, salle.epreuve).phases["observation"].pauses
    assert [pause.motif for pause in remises] == motifs


def test_rechargee_sans_reseau_la_page_annule_encore_le_dernier_geste(
    live_server, context: BrowserContext, page: Page, salle: Salle
):
    ouvrir(page, live_server, salle)
    choix(page, "K3.1.1", "Validé").click()
    recu(page)
    garde(page)
    lignes = page.locator("#liste-gestes li:not([hidden]) > span")
    with sans_reseau(live_server, context):
        choix(page, "K3.1.2", "Non validé").click()
        choix(page, "K3.1.3", "Validé").click()
        choix(page, "K3.1.3", "Non observé").click()
        choix(page, "K3.1.4", "Validé").click()
        annuler(page).click()
        expect(etat(page)).to_contain_text("5 gestes gardés sur cet appareil")
        page.reload()
        pressee(page, "K3.1.3", "Non observé")
        expect(lignes).to_have_text(["K3.1.3 : non observé", "K3.1.2 : non validé", "K3.1.1 : validé"])
        annuler(page).click()
        pressee(page, "K3.1.3", "Validé")
        annuler(page).click()
        annuler(page).click()
        expect(lignes).to_have_text(["K3.1.1 : validé"])
        pressee(page, "K3.1.1", "Validé")
        for critere in ("K3.1.2", "K3.1.3", "K3.1.4"):
            expect(page.locator(f'[id="{critere.replace(".", "-")}"] [aria-pressed="true"]')).to_have_count(0)
    expect(etat(page)).to_have_text(ENREGISTRE, timeout=10_000)
    expect(lignes).to_have_text(["K3.1.1 : validé"])  # la liste du serveur : la même
    assert selectors.grille(salle.metier, salle.epreuve).etats == {"K3.1.1": "valide"}


def test_ce_qui_vient_d_etre_annule_se_dit(live_server, page_muette: Page, salle: Salle):
    dit = page_muette.locator("[data-parchemin-annule]")
    ouvrir(page_muette, live_server, salle)
    expect(dit).to_have_role("status")
    annuler(page_muette).click()
    expect(dit).to_have_text("Il n’y a aucun geste à annuler.")
    choix(page_muette, "K3.1.3", "Non validé").click()
    expect(dit).to_have_text("")
    recu(page_muette)
    page_muette.get_by_role("button", name="Commencer : Observation").click()
    for mots in ("Annulé : Observation, début", "Annulé : K3.1.3, non validé"):
        annuler(page_muette).click()
        expect(dit).to_have_text(mots)
    recu(page_muette)
    expect(dit).to_have_text("Annulé : K3.1.3, non validé")
    assert violations(page_muette) == []


def test_annuler_dans_la_liste_passe_a_la_ligne_suivante(live_server, page_muette: Page, salle: Salle):
    ouvrir(page_muette, live_server, salle)
    for critere in ("K3.1.1", "K3.1.2", "K3.1.3"):
        choix(page_muette, critere, "Validé").click()
    recu(page_muette)
    page_muette.get_by_role("button", name="Mes gestes").click()
    volet = page_muette.get_by_role("dialog", name="Mes derniers gestes")
    volet.get_by_role("button", name="Annuler K3.1.2").focus()
    for suivant in ("Annuler K3.1.1 : validé", "Annuler K3.1.3 : validé", "Fermer"):
        page_muette.keyboard.press("Enter")
        expect(volet.get_by_role("button", name=suivant)).to_be_focused()
    recu(page_muette)
    expect(volet.get_by_role("button", name="Fermer")).to_be_focused()
