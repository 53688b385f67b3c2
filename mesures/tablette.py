"""La page de la grille dans Chromium : ce qu'elle pèse, la première tape sur une tablette lente, l'ouverture sans réseau.

Ce qui est lu ici est ce que voit la personne : l'instant où le critère touché se montre pressé, pas celui d'un événement.
"""

from __future__ import annotations

import os
import statistics
import time
from typing import TYPE_CHECKING

from mesures.frappe import Passage
from mesures.mesure import Mesure
from mesures.serveur import Servie, en_production

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright, Response

    from mesures.campagne.appareil import Appareil
    from mesures.campagne.scene import Scene

SUJET = "Tablette"
KIO = 1024
BUT_SCRIPTS_KIO = 30.0
BUT_HORS_LIGNE_S = 1.0
RALENTI = 4
"""Fois plus lent que ce processeur."""
RESEAU_3G = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
"""Millisecondes d'aller-retour ; octets par seconde."""
JOURNEE = 200
"""Gestes faits sans réseau, avant le retour."""
BUT_GESTES_PAR_CRITERE = 1.5
"""Une tape par critère, et de quoi faire défiler."""
DEFILEMENT = """(bouton) => {
  const { top, bottom } = bouton.getBoundingClientRect();
  const dessus = document.elementFromPoint(innerWidth / 2, 1)?.closest("header, [class*=barre]");
  const dessous = document.querySelector(".barre-basse")?.getBoundingClientRect();
  const [haut, bas] = [dessus?.getBoundingClientRect().bottom ?? 0, dessous?.height ? dessous.top : innerHeight];
  if (top >= haut && bottom <= bas) return 0;
  const course = (bas - haut) * 0.75;
  const chemin = top < haut ? haut - top : bottom - bas;
  scrollBy({ top: top < haut ? -chemin : Math.max(chemin, course), behavior: "instant" });
  return Math.ceil(chemin / course);
}"""
"""Amène le bouton sous le doigt, comme une personne : combien de glissements, d'au plus trois quarts de l'écran, il a fallu."""


def mesurer(servie: Servie, rapide: bool) -> list[Mesure]:
    """Une grille du bloc 1, neuve à chaque essai."""
    from playwright.sync_api import sync_playwright

    from mesures.campagne.appareil import ARGUMENTS
    from mesures.lieux import lire_lieux
    from parchemin.commandes import chromium

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright tient une boucle dans ce fil
    lire_lieux()  # prépare Django sur la base de la démonstration
    fois = 1 if rapide else 3
    with en_production(servie) as scene, sync_playwright() as moteur:
        commun = moteur.chromium.launch(executable_path=chromium.trouver(), args=ARGUMENTS)
        try:
            return [
                *_poids(scene, moteur, commun),
                *_premiere_tape(scene, moteur, commun, fois),
                *_remplir(scene, moteur, commun),
                *_hors_ligne(scene, moteur, commun, fois),
                *_retour(scene, moteur, commun),
            ]
        finally:
            commun.close()


def _appareil(scene: Scene, moteur: Playwright, commun: Browser) -> Appareil:
    from mesures.campagne.appareil import Appareil

    return Appareil(scene, scene.place("B1"), moteur, commun, mortel=False)


def _poids(scene: Scene, moteur: Playwright, commun: Browser) -> list[Mesure]:
    """Ce que la page charge d'elle-même, sans y toucher, rien n'étant gardé."""
    appareil = _appareil(scene, moteur, commun)
    recues: list[Response] = []

    def noter(reponse: Response) -> None:
        recues.append(reponse)

    appareil.page.on("response", noter)
    appareil.ouvrir()
    appareil.page.wait_for_load_state("networkidle")
    scripts = sum(len(r.body()) for r in recues if r.url.endswith(".js") and r.request.service_worker is None)
    page = next(len(r.body()) for r in recues if r.url.endswith(appareil.place.grille))
    appareil.fermer()
    note = "bloc 1, 30 critères ; sans compression ; le gardien (service worker) n'est pas compté"
    return [
        Mesure(SUJET, "grille : HTML", page / KIO, "Kio", 100.0, note=note),
        Mesure(SUJET, "grille : scripts", scripts / KIO, "Kio", BUT_SCRIPTS_KIO, note=note),
    ]


def _premiere_tape(scene: Scene, moteur: Playwright, commun: Browser, fois: int) -> list[Mesure]:
    """De l'adresse demandée au premier critère pressé à l'écran, rien n'étant gardé."""
    durees = []
    for _ in range(fois):
        appareil = _appareil(scene, moteur, commun)
        page = appareil.page
        cdp = appareil.contexte.new_cdp_session(page)
        cdp.send("Network.enable")
        cdp.send("Network.emulateNetworkConditions", RESEAU_3G)
        cdp.send("Emulation.setCPUThrottlingRate", {"rate": RALENTI})
        bouton = page.locator('button[name="critere:K1.1.1"][value="valide"]')
        depart = time.perf_counter()
        page.goto(scene.mandataire.adresse + appareil.place.grille, wait_until="commit")
        bouton.click()
        page.locator('button[name="critere:K1.1.1"][value="valide"][aria-pressed="true"]').wait_for()
        durees.append(time.perf_counter() - depart)
        appareil.fermer()
    note = f"processeur {RALENTI} fois plus lent, 3G (1,6 Mbit/s, 150 ms), cache vide ; médiane de {fois}"
    return [Mesure(SUJET, "première tape à l'écran", statistics.median(durees), "s", note=note)]


def _remplir(scene: Scene, moteur: Playwright, commun: Browser) -> list[Mesure]:
    """Les gestes d'une grille du bloc 1 entière, comptés sur la page : une tape par critère, et chaque glissement du doigt."""
    appareil = _appareil(scene, moteur, commun)
    appareil.page.set_viewport_size({"width": 820, "height": 1180})
    appareil.ouvrir()
    boutons = appareil.page.locator("button[name^='critere:'][value='valide']")
    criteres, glissements = boutons.count(), 0
    for rang in range(criteres):
        bouton = boutons.nth(rang)
        glissements += bouton.evaluate(DEFILEMENT)
        bouton.tap() if appareil.page.evaluate("navigator.maxTouchPoints") else bouton.click()
    appareil.page.wait_for_function(
        "!document.querySelector('[data-parchemin-critere]:not(:has([aria-pressed=true]))')"
    )
    appareil.fermer()
    passage = Passage(gestes=criteres + glissements, touches=0, decisions=criteres, attentes=0, mots=0)
    note = f"tablette droite, 820 × 1180 ; {criteres} critères, {criteres} tapes, {glissements} glissements"
    return [
        Mesure(SUJET, "remplir B1 : gestes par critère", passage.gestes / criteres, "", BUT_GESTES_PAR_CRITERE, note=note),
        Mesure(
            SUJET, "remplir B1, modèle frappe à frappe", passage.secondes, "s",
            note="une décision par critère, sans lire ni observer : ce que l'outil ajoute à l'observation",
        ),
    ]  # fmt: skip


def _hors_ligne(scene: Scene, moteur: Playwright, commun: Browser, fois: int) -> list[Mesure]:
    """De la page demandée sans réseau au critère qui se presse."""
    appareil = _appareil(scene, moteur, commun)
    appareil.ouvrir()
    appareil.attendre_le_gardien()
    appareil.couper()
    durees = []
    for tour in range(fois):
        depart = time.perf_counter()
        appareil.recharger()
        appareil.trancher("K1.1.1", "valide" if tour % 2 else "non_valide")
        durees.append(time.perf_counter() - depart)
    appareil.retablir()
    appareil.fermer()
    return [
        Mesure(
            SUJET, "ouverture sans réseau, jusqu'à la première tape", statistics.median(durees), "s", BUT_HORS_LIGNE_S,
            note=f"médiane de {fois}",
        )
    ]  # fmt: skip


def _retour(scene: Scene, moteur: Playwright, commun: Browser) -> list[Mesure]:
    """Une journée de gestes sans réseau, puis le retour : jusqu'à ce que l'appareil n'en garde plus aucun."""
    appareil = _appareil(scene, moteur, commun)
    appareil.ouvrir()
    appareil.attendre_le_gardien()
    appareil.couper()
    appareil.page.evaluate(
        """(combien) => {
             const boutons = [...document.querySelectorAll("button[name^='critere:']")];
             for (let rang = 0; rang < combien; rang += 1) boutons[(rang * 7) % boutons.length].click();
           }""",
        JOURNEE,
    )
    limite = time.monotonic() + 30
    while appareil.compter("gestes") < JOURNEE and time.monotonic() < limite:
        appareil.page.wait_for_timeout(20)
    prepares = appareil.compter("gestes")
    if prepares != JOURNEE:
        raise AssertionError(f"{prepares} gestes rangés sur {JOURNEE}")
    depart = time.perf_counter()
    appareil.retablir()
    while appareil.compter("gestes") and time.perf_counter() - depart < 60:
        appareil.page.wait_for_timeout(20)
    duree = time.perf_counter() - depart
    appareil.fermer()
    note = f"{JOURNEE} gestes chiffrés sur la tablette, du retour du réseau au dernier effacé"
    return [Mesure(SUJET, "retour d'une journée hors ligne", duree, "s", note=note)]
