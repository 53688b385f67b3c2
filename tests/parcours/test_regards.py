"""Chaque page de la démonstration, dans un vrai navigateur : axe en clair et en sombre, rien qui déborde, console muette."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext
from pytest_django.live_server_helper import LiveServer

from outils.catalogue import TAILLES, Page, catalogue
from parchemin.comptes.models import Compte
from tests.parcours.conftest import composer
from tests.parcours.postes import DEBORDE, FORMULAIRE_A_REPRENDRE, violations

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.lent]

ADRESSE_ATTENDUE_EN_ERREUR = ("status of 404", "status of 403", "status of 410", FORMULAIRE_A_REPRENDRE)


class Visites:
    """Un contexte de navigateur par compte, déjà connecté."""

    def __init__(self, browser: Browser, adresse: str) -> None:
        self._browser = browser
        self._adresse = adresse
        self._contextes: dict[str, BrowserContext] = {}
        self.fautes: list[str] = []

    def regarder(self, page: Page) -> None:
        """Ouvre la page, la met à chaque taille, puis la passe à axe, claire et sombre."""
        onglet = self._contexte(page.courriel).new_page()
        onglet.on("console", lambda message: self._entendre(page, message.type, message.text))
        onglet.on("pageerror", lambda erreur: self.fautes.append(f"{page.nom} : {erreur}"))
        reponse = onglet.goto(self._adresse + page.adresse)
        if reponse is None or reponse.status != page.statut:
            self.fautes.append(f"{page.nom} : réponse {reponse.status if reponse else '?'}")
        for taille, (largeur, hauteur) in TAILLES.items():
            onglet.set_viewport_size({"width": largeur, "height": hauteur})
            if (trop := onglet.evaluate(DEBORDE)) > 0:
                self.fautes.append(f"{page.nom} : déborde de {trop} px ({taille})")
        onglet.emulate_media(reduced_motion="reduce")
        self.fautes += [f"{page.nom} : {faute}" for faute in violations(onglet)]
        onglet.emulate_media(color_scheme="dark")
        self.fautes += [f"{page.nom}, sombre : {faute}" for faute in violations(onglet, regles=("color-contrast",))]
        onglet.close()

    def _entendre(self, page: Page, genre: str, texte: str) -> None:
        if genre in {"error", "warning"} and not any(attendu in texte for attendu in ADRESSE_ATTENDUE_EN_ERREUR):
            self.fautes.append(f"{page.nom} : {genre} {texte}")

    def _contexte(self, courriel: str) -> BrowserContext:
        if courriel not in self._contextes:
            contexte = self._browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", reduced_motion="reduce")
            if courriel:
                client = Client()
                client.force_login(Compte.objects.get(courriel=courriel))
                session = client.cookies[settings.SESSION_COOKIE_NAME].value
                contexte.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self._adresse}])
            self._contextes[courriel] = contexte
        return self._contextes[courriel]

    def fermer(self) -> None:
        """Ferme tous les contextes."""
        for contexte in self._contextes.values():
            contexte.close()


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
