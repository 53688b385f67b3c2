"""Chaque page de la démonstration, dans un vrai navigateur : axe en clair et en sombre, rien qui déborde, console muette."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser
from playwright.sync_api import Page as Onglet
from pytest_django.live_server_helper import LiveServer

from outils.catalogue import TAILLES, Page, catalogue
from parchemin.comptes.models import Compte
from tests.parcours.conftest import composer
from tests.parcours.postes import DEBORDE, FORMULAIRE_A_REPRENDRE, violations

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.lent]

ADRESSE_ATTENDUE_EN_ERREUR = ("status of 404", "status of 403", "status of 410", FORMULAIRE_A_REPRENDRE)


class Visites:
    """Un onglet de navigateur par compte, déjà connecté, où ses pages s'ouvrent l'une après l'autre."""

    def __init__(self, browser: Browser, adresse: str) -> None:
        self._browser = browser
        self._adresse = adresse
        self._onglets: dict[str, Onglet] = {}
        self._ouverte = ""
        self.fautes: list[str] = []

    def regarder(self, page: Page) -> None:
        """Ouvre la page, la met à chaque taille, puis la passe à axe, claire et sombre."""
        onglet = self._onglet(page.courriel)
        self._ouverte = page.nom
        onglet.emulate_media(color_scheme="light")
        reponse = onglet.goto(self._adresse + page.adresse)
        if reponse is None or reponse.status != page.statut:
            self._noter(f"réponse {reponse.status if reponse else '?'}")
        for taille, (largeur, hauteur) in TAILLES.items():
            onglet.set_viewport_size({"width": largeur, "height": hauteur})
            if (trop := onglet.evaluate(DEBORDE)) > 0:
                self._noter(f"déborde de {trop} px ({taille})")
        for faute in violations(onglet):
            self._noter(faute)
        onglet.emulate_media(color_scheme="dark")
        for faute in violations(onglet, regles=("color-contrast",)):
            self._noter(f"sombre, {faute}")

    def _noter(self, faute: str) -> None:
        self.fautes.append(f"{self._ouverte} : {faute}")

    def _entendre(self, genre: str, texte: str) -> None:
        if genre in {"error", "warning"} and not any(attendu in texte for attendu in ADRESSE_ATTENDUE_EN_ERREUR):
            self._noter(f"{genre} {texte}")

    def _onglet(self, courriel: str) -> Onglet:
        if courriel not in self._onglets:
            contexte = self._browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", reduced_motion="reduce")
            if courriel:
                client = Client()
                client.force_login(Compte.objects.get(courriel=courriel))
                session = client.cookies[settings.SESSION_COOKIE_NAME].value
                contexte.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self._adresse}])
            onglet = self._onglets[courriel] = contexte.new_page()
            onglet.on("console", lambda message: self._entendre(message.type, message.text))
            onglet.on("pageerror", lambda erreur: self._noter(f"erreur {erreur}"))
        return self._onglets[courriel]

    def fermer(self) -> None:
        """Ferme tous les contextes."""
        for onglet in self._onglets.values():
            onglet.context.close()


@pytest.fixture
def visites(live_server: LiveServer, browser: Browser) -> Iterator[Visites]:
    composer()
    visites = Visites(browser, live_server.url)
    yield visites
    visites.fermer()


def test_axe_voit_une_faute_et_un_texte_trop_pale(browser: Browser) -> None:
    onglet = browser.new_page()
    onglet.set_content(
        '<html lang="fr"><title>x</title><main><h1>x</h1><img src="x"><p style="color:#bbb">pâle</p></main>'
    )
    assert [faute.split(" : ")[0] for faute in violations(onglet)] == ["axe color-contrast", "axe image-alt"]
    assert len(violations(onglet, regles=("color-contrast",))) == 1
    onglet.close()


def test_aucune_page_ne_deborde_ni_ne_faute(visites: Visites) -> None:
    for page in catalogue():
        visites.regarder(page)
    assert visites.fautes == []
