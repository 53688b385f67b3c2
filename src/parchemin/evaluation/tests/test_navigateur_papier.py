"""L'incident et le papier dans un vrai navigateur, au clavier seul, avec axe : rien ne déborde, rien ne se perd."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect

from parchemin.comptes.tests import factories as comptes
from parchemin.convocations.enums import Qualite
from parchemin.convocations.selectors import epreuve_par_id
from parchemin.convocations.tests import factories as salles
from parchemin.convocations.tests.factories import Salle
from parchemin.evaluation import documents, selectors
from parchemin.socle.acteur import SYSTEME, Acteur
from tests.parcours.postes import violations

pytestmark = pytest.mark.django_db(transaction=True)


def connecter(context: BrowserContext, live_server, acteur: Acteur) -> Page:
    cookie = comptes.client(acteur).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    return context.new_page()


def verifier_accessible(page: Page, titre: str) -> None:
    """Attend la page de ce titre, puis axe n'y trouve rien."""
    expect(page.get_by_role("heading", level=1)).to_have_text(titre)
    assert violations(page) == []


def presser(page: Page, role: str, nom: str) -> None:
    """Active un élément au clavier."""
    page.get_by_role(role, name=nom).first.focus()
    page.keyboard.press("Enter")


def test_un_incident_se_signale_et_se_tranche_au_clavier(live_server, browser: Browser):
    salle = salles.salle("B3")
    with browser.new_context() as sur_place, browser.new_context() as au_bureau:
        page = connecter(sur_place, live_server, salle.metier)
        page.goto(live_server.url + reverse("evaluation:voir", args=[salle.epreuve]))
        presser(page, "link", "Signaler un incident")
        verifier_accessible(page, "Signaler un incident")
        page.get_by_label("L'épreuve a dû s'interrompre").focus()
        page.keyboard.press("Space")
        presser(page, "button", "Signaler, et suspendre l’épreuve")
        expect(page.get_by_text("Dites ce qui s’est passé, en une phrase.").first).to_be_visible()
        expect(page.get_by_label("L'épreuve a dû s'interrompre")).to_be_checked()  # rien n'est perdu
        page.get_by_label("Ce qui s’est passé").focus()
        page.keyboard.type("Alarme incendie.")
        presser(page, "button", "Signaler, et suspendre l’épreuve")
        expect(page.get_by_text("Tout ce que vous avez noté est gardé.")).to_be_visible()
        bureau = connecter(au_bureau, live_server, salle.monde.gestionnaire)
        bureau.goto(live_server.url)
        presser(bureau, "link", "Décider")
        verifier_accessible(bureau, "Décider de la suite")
        bureau.get_by_label("Reprendre : les évaluateurs continuent la même grille").focus()
        bureau.keyboard.press("Space")
        bureau.get_by_label("Pourquoi").focus()
        bureau.keyboard.type("Fausse alerte.")
        presser(bureau, "button", "Décider")
        expect(bureau.get_by_text("L’épreuve reprend")).to_be_visible()
    assert epreuve_par_id(SYSTEME, salle.epreuve).etat == "affectee"


def remplir(page: Page, salle: Salle, refuse: str = "") -> None:
    """Saisit la feuille : tout validé, sauf un critère."""
    page.get_by_label("Double écoute").check()
    page.get_by_label("Observation de situations réelles, en minutes").fill("20")
    page.get_by_label("Nombre d’entretiens notés").fill("2")
    for critere in selectors.bloc_de(SYSTEME, epreuve_par_id(SYSTEME, salle.epreuve)).criteres():
        mot = "Non validé" if critere.code == refuse else "Validé"
        page.get_by_role("group", name=critere.code).get_by_label(mot, exact=True).check()
    page.get_by_role("button", name="Enregistrer ma saisie").click()


def test_deux_personnes_ressaisissent_reglent_et_la_grille_entre(live_server, browser: Browser):
    salle = salles.salle("B3")
    vue = epreuve_par_id(SYSTEME, salle.epreuve)
    autre = comptes.gestionnaire(vue.dossier.organisme)
    with browser.new_context() as un, browser.new_context() as deux:
        premiere = connecter(un, live_server, salle.monde.gestionnaire)
        premiere.goto(live_server.url + reverse("evaluation:ouvrir_papier", args=[salle.epreuve, "metier"]))
        verifier_accessible(premiere, "Ressaisir une grille papier")
        codes = documents.codes_de_la_grille(SYSTEME, vue, Qualite.METIER)
        premiere.get_by_label("Le code de chaque page").fill("\n".join(codes[:-1]))
        premiere.get_by_role("button", name="Commencer la saisie").click()
        expect(premiere.get_by_text(f"Il manque la page {len(codes)} sur {len(codes)}").first).to_be_visible()
        premiere.get_by_label("Le code de chaque page").fill("\n".join(codes))
        premiere.get_by_role("button", name="Commencer la saisie").click()
        verifier_accessible(premiere, "Saisir la grille papier")
        remplir(premiere, salle)
        expect(premiere.get_by_text("Une autre personne fait la seconde, sans la voir.")).to_be_visible()
        verifier_accessible(premiere, "Grilles papier")
        seconde = connecter(deux, live_server, autre)
        seconde.goto(live_server.url + reverse("evaluation:papier", args=[salle.epreuve]))
        seconde.get_by_role("link", name="Saisir la feuille").click()
        remplir(seconde, salle, refuse="K3.1.1")
        seconde.get_by_role("link", name="Régler ce qui diffère").click()
        verifier_accessible(seconde, "Régler ce qui diffère")
        seconde.get_by_role("group", name="K3.1.1").get_by_label("Non validé", exact=True).check()
        seconde.get_by_role("button", name="Verser la grille").click()
        expect(seconde.get_by_text("La grille papier est entrée dans la lecture")).to_be_visible()
    assert selectors.grille(salle.metier, salle.epreuve).etats["K3.1.1"] == "non_valide"
