"""Ce que la page dit sans attendre le serveur : combien est renseigné, ce que l'on vient de faire, ce qui empêche de clore."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import Salle
from parchemin.evaluation.tests.test_hors_ligne import garde, sans_reseau
from parchemin.evaluation.tests.test_navigateur import ENREGISTRE, choix, etat, ouvrir, ouvrir_session

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def salle(live_server, context: BrowserContext, page: Page) -> Salle:
    """Une épreuve du bloc 3, sa grille ouverte et gardée."""
    salle = convocations.salle("B3")
    ouvrir_session(context, live_server, salle.metier)
    ouvrir(page, live_server, salle)
    garde(page)
    return salle


def comptes(page: Page) -> tuple[str, str, str]:
    """Ce que la page compte : en bas, sur la première compétence, la voie des conditions."""
    lus = (page.locator(place).inner_text() for place in ("#resume", "#compte-C3\\.1", "[data-parchemin-voie]"))
    resume, competence, voie = (" ".join(lu.split()) for lu in lus)
    return resume, competence, voie


def test_sans_reseau_les_comptes_suivent_chaque_geste_et_un_rechargement(
    live_server, context: BrowserContext, page: Page, salle: Salle
):
    with sans_reseau(live_server, context):
        choix(page, "K3.1.1", "Validé").click()
        choix(page, "K3.1.2", "Non observé").click()
        page.get_by_role("button", name="Double écoute").click()
        expect(page.locator("#resume")).to_have_text("2 critères renseignés sur 10")
        faits = ("2 critères renseignés sur 10", "2 sur 4 renseignés", "Double écoute")
        assert comptes(page) == faits
        page.reload()
        expect(page.locator("#resume")).to_have_text("2 critères renseignés sur 10")
        assert comptes(page) == faits
    expect(etat(page)).to_have_text(ENREGISTRE, timeout=10_000)
    assert comptes(page)[:2] == faits[:2]  # ce que la page disait est ce que le serveur compte


def test_sans_reseau_les_entretiens_comptes_sont_ceux_de_la_voie_choisie(
    live_server, context: BrowserContext, page: Page, salle: Salle
):
    jauge = page.locator("#compte-entretien .jauge-compte")

    def suivre(*gestes: tuple[str, str]) -> None:
        for bouton, dit in gestes:
            page.locator("button", has_text=re.compile(rf"^\s*{re.escape(bouton)}\s*$")).click()
            expect(jauge).to_have_text(dit)

    with sans_reseau(live_server, context):
        suivre(
            ("Double écoute", "0 sur 2"),
            ("+ Entretien", "1 sur 2"),
            ("+ Entretien", "2 sur 2"),
            ("Accueil physique", "0 sur 2"),
            ("+ Entretien", "1 sur 2"),
            ("Double écoute", "2 sur 2"),
            ("Accueil physique", "1 sur 2"),
        )
    expect(etat(page)).to_have_text(ENREGISTRE, timeout=10_000)
    a_part = page.get_by_label("Entretiens observés").locator("li", has_text="(Double écoute), ne compte pas")
    expect(a_part).to_have_count(2)
    expect(jauge).to_have_text("1 sur 2")
    with sans_reseau(live_server, context):
        a_part.first.get_by_role("button").click()
        expect(jauge).to_have_text("1 sur 2")
        suivre(("Double écoute", "1 sur 2"))


def test_mes_gestes_se_disent_avec_les_mots_du_serveur(live_server, context: BrowserContext, page: Page, salle: Salle):
    lignes = page.locator("#liste-gestes li:not([hidden])")

    def dits() -> list[str]:
        ouverts = lignes.evaluate_all("lignes => lignes.map((une) => une.firstElementChild.textContent)")
        return [" ".join(dit.split()) for dit in ouverts]

    with sans_reseau(live_server, context):
        page.get_by_role("button", name="Commencer : Observation").click()
        page.get_by_role("button", name="+ Entretien").click()
        choix(page, "K3.1.1", "Non validé").click()
        page.locator('[id="K3-1-2"] summary').click()
        page.locator('[id="K3-1-2"] textarea').fill("Bien dit.")
        page.locator('[id="K3-1-2"] textarea').blur()
        expect(lignes).to_have_count(4)
        ici = dits()
        for ligne in lignes.all():
            assert re.fullmatch(r"\d{1,2}\sh\s\d{2}", ligne.locator("small").text_content() or "")
    expect(etat(page)).to_have_text(ENREGISTRE, timeout=10_000)
    page.reload()
    expect(lignes).to_have_count(4)
    assert ici == ["K3.1.2 : remarque", "K3.1.1 : non validé", "Entretien noté", "Observation : début"]
    assert dits() == ici


def test_clore_sans_reseau_dit_ce_qui_manque_et_le_retour_du_reseau_l_efface(
    live_server, context: BrowserContext, page: Page, salle: Salle
):
    avis = page.locator("[data-parchemin-depart]")
    with sans_reseau(live_server, context):
        choix(page, "K3.1.1", "Validé").click()
        page.get_by_role("link", name="Clore la grille").click()
        expect(avis).to_contain_text("le serveur doit d’abord avoir tout reçu", timeout=15_000)
    expect(etat(page)).to_have_text(ENREGISTRE, timeout=10_000)
    expect(avis).to_be_hidden()


def test_la_recherche_trouve_aussi_par_la_competence(page: Page, salle: Salle):
    mots = page.locator("#C3\\.1").inner_text().split()
    page.get_by_label("Chercher un critère").fill(" ".join(mots[:3]))
    expect(page.locator("[data-parchemin-trouves]")).to_have_text("4 critères")


def test_un_volet_se_ferme_du_doigt(page: Page, salle: Salle):
    page.get_by_role("button", name="Mes gestes").click()
    volet = page.get_by_role("dialog", name="Mes derniers gestes")
    volet.get_by_role("button", name="Fermer").click()
    expect(volet).to_be_hidden()
    expect(page.get_by_role("button", name="Mes gestes")).to_be_focused()


def test_la_recherche_suit_des_questions_a_la_grille(page: Page, salle: Salle):
    page.get_by_role("link", name="Passer aux questions").click()
    page.get_by_label("Chercher un critère").fill("K3.1")
    page.get_by_role("link", name="Revenir à la grille").click()
    expect(page.locator("[data-parchemin-trouves]")).to_have_text("4 critères")
    expect(page.locator(".competence .critere-bloc").filter(visible=True)).to_have_count(4)
    expect(choix(page, "K3.1.1", "Validé")).to_be_focused()
    page.get_by_label("Chercher un critère").fill("K3.2.1")
    page.get_by_role("link", name="Passer aux questions").click()
    page.get_by_role("link", name="Revenir à la grille").click()
    expect(page.locator(".competence .critere-bloc").filter(visible=True)).to_have_count(1)
    expect(choix(page, "K3.2.1", "Validé")).to_be_focused()
