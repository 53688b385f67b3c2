"""Photographier toutes les pages de la démonstration, à trois tailles, claires et sombres.

    python -m outils.captures DOSSIER [--page NOM …] [--taille NOM …] [--theme clair|sombre]
    python -m outils.captures --guides        les images du README et des guides, dans docs/guides/images/

La démonstration est composée dans un dossier à elle et servie par les mêmes processus que `./parchemin demo`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from mesures.codes import code_du_moment
from mesures.lieux import lire_lieux
from mesures.serveur import Servie, demonstration
from mesures.visiteur import SECOND_FACTEUR
from parchemin.commandes import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

    from outils.catalogue import Page

RACINE = Path(__file__).resolve().parents[1]
IMAGES = RACINE / "docs" / "guides" / "images"
THEMES: dict[str, Literal["light", "dark"]] = {"clair": "light", "sombre": "dark"}
POIDS_MAXIMAL = 150 * 1024
"""Octets d'une image des guides."""

GUIDES: dict[str, tuple[str, str, str]] = {
    "a-faire": ("gestionnaire-accueil", "ordinateur", "clair"),
    "carnet": ("carnet-tuteur", "telephone", "clair"),
    "grille": ("grille", "tablette", "clair"),
    "accord": ("accord", "ordinateur", "clair"),
    "resultat": ("resultat-le-berre", "ordinateur", "clair"),
    "resultat-sombre": ("resultat-ndiaye", "ordinateur", "sombre"),
    "dossier": ("candidat-dossier", "telephone", "clair"),
    "referentiel": ("referentiel", "ordinateur", "clair"),
}
"""Image, page, taille, thème. Le haut de la page seulement : un écran, pas un rouleau."""
HAUTEURS = {"telephone": 780, "tablette": 1000, "ordinateur": 720}


def main(arguments: Sequence[str] | None = None) -> int:
    """Photographie ; rend 1 si une page n'a pas répondu comme attendu, ou si une image de guide est trop lourde."""
    analyseur = argparse.ArgumentParser(prog="python -m outils.captures", description="Photographie les pages.")
    analyseur.add_argument("dossier", nargs="?", type=Path, help="où ranger les images")
    analyseur.add_argument("--guides", action="store_true", help="les images de docs/guides/")
    analyseur.add_argument("--page", action="append", help="seulement ces pages (par leur nom)")
    analyseur.add_argument("--taille", action="append", help="telephone, tablette, ordinateur")
    analyseur.add_argument("--theme", action="append", choices=THEMES, help="clair, sombre")
    choix = analyseur.parse_args(arguments)
    if not choix.guides and choix.dossier is None:
        analyseur.error("il faut un dossier, ou --guides")
    with demonstration() as servie:
        lire_lieux()
        from outils.catalogue import TAILLES, catalogue

        pages = {page.nom: page for page in catalogue()}  # avant le navigateur : sa boucle interdirait la base
        with _navigateur() as navigateur:
            photographe = Photographe(servie, navigateur, TAILLES)
            if choix.guides:
                _illustrer_les_guides(photographe, pages)
            else:
                choix.dossier.mkdir(parents=True, exist_ok=True)
                for nom, page in pages.items():
                    if choix.page and nom not in choix.page:
                        continue
                    for taille in choix.taille or TAILLES:
                        for theme in choix.theme or THEMES:
                            photographe.prendre(page, taille, theme, choix.dossier / f"{nom}.{taille}.{theme}.png")
    for faute in photographe.fautes:
        print(faute, file=sys.stderr)
    return int(bool(photographe.fautes))


def _illustrer_les_guides(photographe: Photographe, pages: Mapping[str, Page]) -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    for image, (nom, taille, theme) in GUIDES.items():
        fichier = IMAGES / f"{image}.png"
        photographe.prendre(pages[nom], taille, theme, fichier, entiere=False)
        if (poids := fichier.stat().st_size) > POIDS_MAXIMAL:
            photographe.fautes.append(f"{fichier.name} : {poids // 1024} Kio")


@contextmanager
def _navigateur() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        navigateur = playwright.chromium.launch(
            executable_path=chromium.trouver(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield navigateur
        navigateur.close()


class Photographe:
    """Ouvre chaque page au nom de son compte, une connexion par compte, et garde ce qui n'a pas répondu."""

    def __init__(self, servie: Servie, navigateur: Browser, tailles: dict[str, tuple[int, int]]) -> None:
        self.fautes: list[str] = []
        self._servie = servie
        self._navigateur = navigateur
        self._tailles = tailles
        self._contextes: dict[str, BrowserContext] = {}

    def prendre(self, page: Page, taille: str, theme: str, image: Path, *, entiere: bool = True) -> None:
        """Une image."""
        largeur, hauteur = self._tailles[taille]
        onglet = self._contexte(page.courriel).new_page()
        try:
            onglet.set_viewport_size({"width": largeur, "height": hauteur})
            onglet.emulate_media(color_scheme=THEMES[theme], reduced_motion="reduce")
            reponse = onglet.goto(f"{self._servie.adresse}{page.adresse}")
            if reponse is None or reponse.status != page.statut:
                self.fautes.append(f"{page.nom} : réponse {reponse.status if reponse else '?'}, {page.statut} attendue")
            if not entiere:
                onglet.set_viewport_size({"width": largeur, "height": HAUTEURS[taille]})
            else:  # la fenêtre prend la hauteur de la page : ce qui colle au bas y reste
                hauteur = onglet.evaluate("document.documentElement.scrollHeight")
                onglet.set_viewport_size({"width": largeur, "height": hauteur})
            onglet.screenshot(path=image)
        finally:
            onglet.close()

    def _contexte(self, courriel: str) -> BrowserContext:
        if courriel not in self._contextes:
            contexte = self._navigateur.new_context(locale="fr-FR", timezone_id="Europe/Paris")
            self._contextes[courriel] = contexte
            if courriel:
                compte = next(compte for compte in self._servie.comptes if compte.courriel == courriel)
                onglet = contexte.new_page()
                onglet.goto(f"{self._servie.adresse}/connexion/login/")
                onglet.fill("input[name=login]", compte.courriel)
                onglet.fill("input[name=password]", compte.mot_de_passe)
                onglet.press("input[name=password]", "Enter")
                if compte.totp:
                    onglet.wait_for_url(f"{self._servie.adresse}{SECOND_FACTEUR}")
                    onglet.fill("input[name=code]", code_du_moment(compte.totp))
                    onglet.press("input[name=code]", "Enter")
                onglet.wait_for_url(f"{self._servie.adresse}/")
                onglet.close()
        return self._contextes[courriel]


if __name__ == "__main__":
    raise SystemExit(main())
