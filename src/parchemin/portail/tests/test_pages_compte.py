"""Entrer et retrouver son mot de passe : les pages d'allauth sont les nôtres, en français, sans faute d'accessibilité."""

import re

import pytest
from django.core import mail
from django.urls import reverse
from playwright.sync_api import expect

from parchemin.socle.annonces import ecouler
from tests.parcours.postes import violations

pytestmark = pytest.mark.django_db


def titre(reponse) -> list[str]:
    return re.findall(r"<h1>(.*?)</h1>", reponse.content.decode())


@pytest.mark.parametrize(
    ("nom", "attendu"),
    [
        ("account_login", "Se connecter"),
        ("account_reset_password", "Mot de passe oublié"),
        ("account_reset_password_done", "Regardez vos courriels"),
        ("account_reset_password_from_key_done", "Votre mot de passe est changé"),
        ("account_signup", "On entre par invitation"),
        ("account_inactive", "Ce compte est désactivé"),
    ],
)
def test_chaque_page_a_son_titre(client, nom, attendu):
    reponse = client.get(reverse(nom))
    assert (reponse.status_code, titre(reponse)) == (200, [attendu])


def test_un_lien_perime_dit_que_rien_n_a_change(client):
    reponse = client.get(reverse("account_reset_password_from_key", args=["zz", "zz-zz"]))
    assert titre(reponse) == ["Ce lien ne sert plus"]


def test_un_mauvais_mot_de_passe_se_dit_en_tete_et_garde_l_adresse(client):
    reponse = client.post(reverse("account_login"), {"login": "ada@exemple.fr", "password": "faux"})
    page = reponse.content.decode()
    assert re.findall(r"Le mot de passe est à retaper\.", page) == ["Le mot de passe est à retaper."]
    assert re.findall(r"<h2 class=\"message-titre\">\s*(.*?)\s*</h2>", page) == ["Une réponse est à reprendre"]
    assert re.findall(r'name="login" value="(.*?)"', page) == ["ada@exemple.fr"]


def test_le_courriel_d_une_adresse_inconnue_ne_dit_rien_d_autre(client, settings):
    reponse = client.post(reverse("account_reset_password"), {"email": "inconnue@exemple.fr"})
    assert reponse.url == reverse("account_reset_password_done")
    ecouler()
    [courriel] = mail.outbox
    assert (courriel.subject, courriel.to) == ("Aucun compte à cette adresse", ["inconnue@exemple.fr"])
    assert "inconnue@exemple.fr" not in courriel.body


@pytest.mark.parametrize("reglage", ["light", "dark"])
@pytest.mark.parametrize("nom", ["account_login", "account_reset_password", "account_signup"])
def test_les_pages_d_entree_sont_accessibles(live_server, page_muette, nom, reglage):
    page_muette.emulate_media(color_scheme=reglage)
    page_muette.goto(live_server.url + reverse(nom))
    assert violations(page_muette) == []
    page_muette.keyboard.press("Tab")
    assert page_muette.evaluate("document.activeElement.textContent") == "Aller au contenu"


def test_apres_une_erreur_le_clavier_est_sur_le_resume_qui_mene_au_champ(live_server, page_muette):
    page_muette.goto(live_server.url + reverse("account_login"))
    page_muette.evaluate("document.querySelector('form').noValidate = true")
    page_muette.fill("#id_login", "ada@exemple.fr")
    page_muette.click("main button")
    reprises = page_muette.locator("[data-parchemin-reprises]")
    expect(reprises).to_be_focused()
    reprises.get_by_role("link", name="Mot de passe").press("Enter")
    expect(page_muette.locator("#id_password")).to_be_focused()
