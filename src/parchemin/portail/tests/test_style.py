"""La page de style : tous les composants y sont, en développement et en démonstration seulement."""

import re

import pytest
from django.template import engines
from django.urls import reverse
from playwright.sync_api import expect

from parchemin.portail.views.style import GROUPES, NUANCES, ecrire
from parchemin.socle.composants import Action, RangeePoints, Statut, Ton
from parchemin.socle.templatetags import parchemin as balises
from tests.parcours.postes import violations

HORS_STYLE = {"reprendre", "sceau", "messages_recus", "serrer", "champ"}
"""Les balises qui servent aux gabarits du socle eux-mêmes."""


def test_chaque_balise_a_son_specimen():
    gabarits = " ".join(specimen.gabarit for groupe in GROUPES for specimen in groupe.specimens)
    montrees = set(re.findall(r"{% (\w+)", gabarits))
    assert set(balises.register.tags) - HORS_STYLE - montrees == set()


def test_chaque_nuance_a_son_carre(settings):
    feuille = (settings.BASE_DIR / "socle/static/socle/style-vivant.css").read_text(encoding="utf-8")
    assert re.findall(r"\.nuance-([\w-]+) { background: var\(--([\w-]+)\)", feuille) == [(n, n) for n in NUANCES]


def test_ecrire_tait_les_valeurs_par_defaut():
    assert ecrire(RangeePoints(3, 1, 0)) == "RangeePoints(valides=3, non_valides=1, ouverts=0)"
    assert ecrire((Statut(Ton.OUI, "acquis"),)) == "(Statut(ton=Ton.OUI, libelle='acquis'),)"
    assert ecrire(Action("Voir", "/x", principale=True)) == "Action(libelle='Voir', url='/x', principale=True)"


@pytest.mark.django_db
def test_la_page_montre_chaque_specimen_rendu(client):
    reponse = client.get(reverse("style"))
    page = reponse.content.decode()
    assert reponse.status_code == 200
    titres = [balises.typo(specimen.nom) for groupe in GROUPES for specimen in groupe.specimens]
    assert (
        re.findall(r"<h3>(.*?)</h3>\s*(?:<p class=\"specimen-note\">.*?</p>\s*)?<div class=\"specimen-dessin\">", page)
        == titres
    )
    premier = GROUPES[0].specimens[0]
    assert engines["django"].from_string(premier.gabarit).render(dict(premier.valeurs)).strip() in page


@pytest.mark.django_db
def test_la_page_ne_se_poste_pas(client):
    assert client.post(reverse("style")).status_code == 405


@pytest.mark.django_db
def test_la_page_n_existe_pas_en_production(client, settings):
    settings.PARCHEMIN_ENV = "production"
    assert client.get(reverse("style")).status_code == 404


@pytest.mark.parametrize("reglage", ["light", "dark"])
@pytest.mark.parametrize("largeur", [360, 820, 1280])
def test_la_page_est_accessible_et_ne_deborde_pas(live_server, page_muette, reglage, largeur):
    page_muette.emulate_media(color_scheme=reglage)
    page_muette.set_viewport_size({"width": largeur, "height": 900})
    page_muette.goto(live_server.url + reverse("style"))
    assert page_muette.evaluate("document.documentElement.scrollWidth") == largeur
    assert violations(page_muette) == []


def test_quitter_une_saisie_non_envoyee_demande_confirmation(live_server, page_muette):
    page_muette.goto(live_server.url + reverse("style"))
    questions = []

    def accepter(dialogue):
        questions.append(dialogue.type)
        dialogue.accept()

    page_muette.on("dialog", accepter)
    page_muette.reload()
    assert questions == []
    page_muette.get_by_label("Prénom").first.press_sequentially("Ada")
    page_muette.reload()
    assert questions == ["beforeunload"]


def test_les_trois_choix_se_font_au_clavier(live_server, page_muette):
    page_muette.goto(live_server.url + reverse("style"))
    choix = page_muette.get_by_role("radiogroup", name="K1.1.2 Identifie le ou les besoins")
    choix.get_by_role("radio", name="Validé", exact=True).focus()
    page_muette.keyboard.press("ArrowRight")
    expect(choix.get_by_role("radio", name="Non validé")).to_be_checked()
    page_muette.keyboard.press("ArrowRight")
    expect(choix.get_by_role("radio", name="Non observé")).to_be_checked()


def test_chaque_cible_fait_au_moins_44_pixels(live_server, page_muette):
    page_muette.set_viewport_size({"width": 390, "height": 800})
    page_muette.goto(live_server.url + reverse("style"))
    petites = page_muette.evaluate(
        """[...document.querySelectorAll('button, summary, .choix label, .bouton, nav a, .champ-case label')]
        .filter(e => e.checkVisibility()).filter(e => e.getBoundingClientRect().height < 44)
        .map(e => e.outerHTML.slice(0, 90))"""
    )
    assert petites == []
