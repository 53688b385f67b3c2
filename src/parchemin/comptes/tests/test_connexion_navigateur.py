"""La première connexion, dans un vrai navigateur : avec une clé d'accès, puis avec une application de codes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from mesures.codes import code_du_moment
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories
from parchemin.comptes.tests.factories import MOT_DE_PASSE
from tests.parcours.postes import ALaSouris, AuClavier, Poste

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def autorite(page: Page):
    """Un appareil qui reconnaît toujours sa personne (authentificateur virtuel de Chromium)."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    # fmt: off
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }
    # fmt: on
    return cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"], cdp


def titre(poste: Poste, attendu: str) -> None:
    expect(poste.page.get_by_role("heading", level=1)).to_have_text(attendu)


def se_deconnecter(poste: Poste) -> None:
    poste.ouvrir("/connexion/logout/")
    poste.suivre(poste.bouton("Se déconnecter"))


def test_premiere_connexion_avec_une_cle_d_acces(live_server: LiveServer, page: Page, autorite):
    poste = ALaSouris(page, live_server.url)
    poste.ouvrir("/comptes/")
    poste.se_connecter(factories.compte(factories.gestionnaire()), MOT_DE_PASSE)
    titre(poste, "Ajoutez un second facteur")
    poste.suivre(poste.lien("Ajouter une clé d'accès"))
    poste.ecrire(poste.champ("Nom de cette clé"), "Ordinateur du bureau")
    poste.suivre(poste.bouton("Ajouter cette clé"))
    titre(poste, "Vos codes de secours")
    assert poste.page.locator(".codes-de-secours li").count() == 10
    poste.suivre(poste.lien("J'ai gardé mes codes, continuer"))
    expect(poste.page).to_have_url(f"{live_server.url}/")

    poste.ouvrir("/connexion/securite/")
    poste.lire("Ordinateur du bureau, ajoutée le")
    poste.suivre(poste.lien("Gérer vos clés"))
    poste.suivre(poste.lien("Renommer"))
    poste.ecrire(poste.champ("Nom de cette clé"), "Portable")
    poste.suivre(poste.bouton("Enregistrer ce nom"))
    poste.lire("Portable")

    se_deconnecter(poste)
    poste.ouvrir("/connexion/login/")
    poste.suivre(poste.bouton("Me connecter avec une clé d'accès"))
    expect(poste.page).to_have_url(f"{live_server.url}/")
    assert (poste.bruits, poste.fautes) == ([], [])


def test_une_cle_qui_ne_repond_pas_se_dit_et_ne_change_rien(live_server: LiveServer, page: Page, autorite):
    identifiant, cdp = autorite
    poste = ALaSouris(page, live_server.url)
    poste.se_connecter(factories.compte(factories.gestionnaire()), MOT_DE_PASSE)
    poste.suivre(poste.lien("Ajouter une clé d'accès"))
    cdp.send("WebAuthn.setUserVerified", {"authenticatorId": identifiant, "isUserVerified": False})
    poste.presser(poste.bouton("Ajouter cette clé"))
    poste.lire("La clé d'accès n'a pas répondu")
    titre(poste, "Ajouter une clé d’accès")


@pytest.mark.parametrize("maniere", [ALaSouris, AuClavier], ids=lambda poste: poste.nom)
def test_premiere_connexion_avec_une_application_de_codes(live_server: LiveServer, page: Page, maniere):
    poste = maniere(page, live_server.url)
    poste.ouvrir("/comptes/")
    courriel = factories.compte(factories.gestionnaire())
    poste.se_connecter(courriel, MOT_DE_PASSE)
    poste.suivre(poste.lien("Utiliser une application"))
    secret = poste.page.locator(".cle-secrete").inner_text()
    poste.ecrire(poste.champ("Code à six chiffres"), "000000")
    poste.suivre(poste.bouton("Mettre en service"))
    poste.lire("Ce code ne va pas.")
    secret = poste.page.locator(".cle-secrete").inner_text()
    poste.ecrire(poste.champ("Code à six chiffres"), code_du_moment(secret))
    poste.suivre(poste.bouton("Mettre en service"))
    titre(poste, "Vos codes de secours")
    secours = poste.page.locator(".codes-de-secours code").first.inner_text()
    poste.suivre(poste.lien("J'ai gardé mes codes, continuer"))
    expect(poste.page).to_have_url(f"{live_server.url}/")

    se_deconnecter(poste)
    poste.ouvrir("/connexion/login/")
    poste.ecrire(poste.champ("Adresse électronique"), courriel)
    poste.ecrire(poste.champ("Mot de passe"), MOT_DE_PASSE)
    poste.suivre(poste.bouton("Se connecter"))
    titre(poste, "Votre second facteur")
    poste.ecrire(poste.champ("Code de l'application"), secours)
    poste.suivre(poste.bouton("Continuer"))
    expect(poste.page).to_have_url(f"{live_server.url}/")
    assert (poste.bruits, poste.fautes) == ([], [])


@pytest.mark.parametrize("reglage", ["light", "dark"])
def test_la_page_de_securite_est_accessible(live_server: LiveServer, page: Page, reglage):
    page.emulate_media(color_scheme=reglage)
    poste = ALaSouris(page, live_server.url)
    poste.se_connecter(factories.compte(factories.avec_role(NatureRole.CANDIDAT)), MOT_DE_PASSE)
    poste.ouvrir("/connexion/securite/")
    poste.lire("Aucune autre session n'est ouverte.")
    page.set_viewport_size({"width": 360, "height": 740})
    poste.regarder()
    assert (poste.bruits, poste.fautes) == ([], [])
